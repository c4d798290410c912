(() => {
  'use strict';

  // A4 between the margins of the style sheet, in CSS pixels.
  const PAPER_WIDTH = 687;

  const charts = [...document.querySelectorAll('.plot')].map((figure) => {
    const chart = figure.querySelector('.chart');
    const { data, layout, views } = JSON.parse(figure.querySelector('script').textContent);
    // A finger that scrolls the page must not zoom the chart, nor buttons cover its legend.
    const touch = matchMedia('(hover: none)').matches;
    layout.dragmode = touch ? false : 'zoom';
    Plotly.newPlot(chart, data, layout, {
      responsive: true,
      displaylogo: false,
      displayModeBar: touch ? false : 'hover',
      modeBarButtonsToRemove: ['select2d', 'lasso2d', 'autoScale2d', 'toggleSpikelines'],
    });
    const choice = figure.querySelector('select');
    choice?.addEventListener('change', () => {
      const view = views[choice.value];
      Plotly.restyle(chart, { visible: data.map((_, trace) => view.traces.includes(trace)) });
      figure.querySelector('.note').textContent = view.note;
    });
    return chart;
  });

  addEventListener('beforeprint', () => {
    charts.forEach((chart) => Plotly.relayout(chart, { width: PAPER_WIDTH }));
  });
  addEventListener('afterprint', () => {
    charts.forEach((chart) => Plotly.relayout(chart, { width: null, autosize: true }));
  });

  const plain = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const collator = new Intl.Collator(document.documentElement.lang || undefined, { numeric: true });
  // Numbers are written for readers: grouped by narrow spaces, with a true minus sign.
  const toNumber = (text) => parseFloat(text.replace(/\s/g, '').replace('\u2212', '-'));

  document.querySelectorAll('.long-table').forEach((box) => {
    const body = box.querySelector('tbody');
    const filter = box.querySelector('input');
    const more = box.querySelector('.more');
    const count = box.querySelector('.count');
    let rows = [...body.rows, ...box.querySelector('template').content.querySelectorAll('tr')];
    let limit = Number(box.dataset.first);
    const texts = new Map(rows.map((row) => [row, plain(row.textContent)]));

    const show = () => {
      const wanted = plain(filter.value.trim());
      const found = wanted ? rows.filter((row) => texts.get(row).includes(wanted)) : rows;
      const shown = found.slice(0, limit);
      body.replaceChildren(...shown);
      more.hidden = shown.length === found.length;
      count.textContent = count.dataset.template
        .replace('{shown}', shown.length)
        .replace('{total}', rows.length);
    };

    box.querySelectorAll('th[data-column]').forEach((head) => {
      head.addEventListener('click', () => {
        const column = Number(head.dataset.column);
        const numeric = head.classList.contains('n');
        const before = head.getAttribute('aria-sort');
        const first = numeric ? 'descending' : 'ascending';
        const order = before ? (before === 'ascending' ? 'descending' : 'ascending') : first;
        box.querySelectorAll('th[aria-sort]').forEach((th) => th.removeAttribute('aria-sort'));
        head.setAttribute('aria-sort', order);
        const sign = order === 'ascending' ? 1 : -1;
        const keys = new Map(rows.map((row) => {
          const text = row.cells[column].textContent;
          return [row, numeric ? toNumber(text) : text];
        }));
        rows = [...rows].sort((a, b) => {
          const [x, y] = [keys.get(a), keys.get(b)];
          if (!numeric) return sign * collator.compare(x, y);
          // Undefined values stay last in either direction.
          return Number.isNaN(x) - Number.isNaN(y) || (Number.isNaN(x) ? 0 : sign * (x - y));
        });
        show();
      });
    });
    filter.addEventListener('input', show);
    more.addEventListener('click', () => { limit = Infinity; show(); });
    show();
  });
})();
