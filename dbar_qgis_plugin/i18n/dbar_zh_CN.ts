<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
    <context>
        <name>Dbar</name>
        <message>
            <source>% per year</source>
            <translation>%/年</translation>
        </message>
        <message>
            <source>%{y:.2f} % per year</source>
            <translation>%{y:.2f} %/年</translation>
        </message>
        <message>
            <source>(no group)</source>
            <translation>（无分组）</translation>
        </message>
        <message>
            <source>0 to 1: land changes less than population</source>
            <translation>0 至 1：土地变化小于人口变化</translation>
        </message>
        <message>
            <source>1 to 2: land changes more than population</source>
            <translation>1 至 2：土地变化大于人口变化</translation>
        </message>
        <message>
            <source>5 % trimmed mean</source>
            <translation>5 % 截尾均值</translation>
        </message>
        <message>
            <source>A mark is a city. Above the dotted diagonal built-up area grows faster than the population; left of the vertical line the population falls.</source>
            <translation>每个标记代表一个城市。在虚线对角线上方，建成区面积比人口增长得快；在竖线左侧，人口减少。</translation>
        </message>
        <message>
            <source>A rate is undefined, so there is no ratio.</source>
            <translation>有一个比率没有定义，因此没有比值。</translation>
        </message>
        <message>
            <source>Above 1, % of cities</source>
            <translation>大于 1 的城市占比（%）</translation>
        </message>
        <message>
            <source>Above, the two rates; below, their ratio. At the dotted line (1) built-up area and population grow at the same rate. A gap means that the ratio is undefined.</source>
            <translation>上图为两个比率，下图为二者之比。在虚线（1）处，建成区面积与人口以相同速度增长。断开处表示比值没有定义。</translation>
        </message>
        <message>
            <source>Added built-up area per added person</source>
            <translation>每新增一人对应的新增建成区面积</translation>
        </message>
        <message>
            <source>Added persons per added built-up km²</source>
            <translation>每新增 1 km² 建成区对应的新增人口</translation>
        </message>
        <message>
            <source>Address of a Dask scheduler (empty: this machine alone)</source>
            <translation>Dask 调度器的地址（空：仅使用本机）</translation>
        </message>
        <message>
            <source>Aggregates of LCRPGR. PGR_NEAR_ZERO cities are left out of median, quartiles and trimmed mean; the weights are the populations at the end.</source>
            <translation>LCRPGR 的汇总值。带 PGR_NEAR_ZERO 标记的城市不计入中位数、四分位数和截尾均值；权重为期末人口。</translation>
        </message>
        <message>
            <source>All cities</source>
            <translation>全部城市</translation>
        </message>
        <message>
            <source>Area of a cell</source>
            <translation>像元面积</translation>
        </message>
        <message>
            <source>Area with data</source>
            <translation>有数据的面积</translation>
        </message>
        <message>
            <source>Artificial surfaces</source>
            <translation>人造地表</translation>
        </message>
        <message>
            <source>At least two epochs are needed; {count} year was given.</source>
            <translation>至少需要两个时相，但只给出了 {count} 个年份。</translation>
        </message>
        <message>
            <source>Baseline degradation</source>
            <translation>基准期退化</translation>
        </message>
        <message>
            <source>Baseline improvement</source>
            <translation>基准期改善</translation>
        </message>
        <message>
            <source>Begins</source>
            <translation>开始于</translation>
        </message>
        <message>
            <source>Both grow, built-up area faster</source>
            <translation>二者都增长，建成区面积更快</translation>
        </message>
        <message>
            <source>Both grow, the population faster</source>
            <translation>二者都增长，人口更快</translation>
        </message>
        <message>
            <source>Both shrink, built-up area faster</source>
            <translation>二者都减少，建成区面积更快</translation>
        </message>
        <message>
            <source>Both shrink, the population faster</source>
            <translation>二者都减少，人口更快</translation>
        </message>
        <message>
            <source>Both “{rasters}” and “{fields}” are given: leave one of them empty.</source>
            <translation>“{rasters}”与“{fields}”同时给出：请将其中一项留空。</translation>
        </message>
        <message>
            <source>Built-up area</source>
            <translation>建成区面积</translation>
        </message>
        <message>
            <source>Built-up area and population are of different years ({builtup} and {population}); each rate uses its own interval.</source>
            <translation>建成区面积与人口的年份不同（{builtup} 与 {population}）；两个比率各自使用自己的时段。</translation>
        </message>
        <message>
            <source>Built-up area and population grew at the same rate.</source>
            <translation>建成区面积与人口以相同速度增长。</translation>
        </message>
        <message>
            <source>Built-up area and population grow at the same rate</source>
            <translation>建成区面积与人口以相同速度增长</translation>
        </message>
        <message>
            <source>Built-up area and population shrank at the same rate.</source>
            <translation>建成区面积与人口以相同速度减少。</translation>
        </message>
        <message>
            <source>Built-up area and population shrink at the same rate</source>
            <translation>建成区面积与人口以相同速度减少</translation>
        </message>
        <message>
            <source>Built-up area at the end</source>
            <translation>期末建成区面积</translation>
        </message>
        <message>
            <source>Built-up area at the start</source>
            <translation>期初建成区面积</translation>
        </message>
        <message>
            <source>Built-up area changed faster than cities do.</source>
            <translation>建成区面积的变化快于城市实际可能的变化。</translation>
        </message>
        <message>
            <source>Built-up area did not change while the population fell.</source>
            <translation>建成区面积没有变化，而人口减少了。</translation>
        </message>
        <message>
            <source>Built-up area did not change while the population grew.</source>
            <translation>建成区面积没有变化，而人口增长了。</translation>
        </message>
        <message>
            <source>Built-up area grew at only {ratio} times the population's rate.</source>
            <translation>建成区面积的增长速度仅为人口的 {ratio} 倍。</translation>
        </message>
        <message>
            <source>Built-up area grew while the population fell.</source>
            <translation>建成区面积增长，而人口减少了。</translation>
        </message>
        <message>
            <source>Built-up area grew {ratio} times as fast as the population.</source>
            <translation>建成区面积的增长速度是人口的 {ratio} 倍。</translation>
        </message>
        <message>
            <source>Built-up area grew, the population did not change.</source>
            <translation>建成区面积增长，人口没有变化。</translation>
        </message>
        <message>
            <source>Built-up area grows as fast as the population falls</source>
            <translation>建成区面积增长与人口减少速度相同</translation>
        </message>
        <message>
            <source>Built-up area grows faster than the population falls</source>
            <translation>建成区面积增长快于人口减少</translation>
        </message>
        <message>
            <source>Built-up area grows, population falls faster than that</source>
            <translation>建成区面积增长，人口减少得更快</translation>
        </message>
        <message>
            <source>Built-up area grows, population unchanged</source>
            <translation>建成区面积增长，人口不变</translation>
        </message>
        <message>
            <source>Built-up area is given for {builtup} epochs ({builtup_years}), population for {population} ({population_years}). Give as many of each.</source>
            <translation>建成区面积有 {builtup} 个时相（{builtup_years}），人口有 {population} 个（{population_years}）。请使二者数目相同。</translation>
        </message>
        <message>
            <source>Built-up area is the same at both ends while the population changed.</source>
            <translation>时段两端的建成区面积相同，而人口有变化。</translation>
        </message>
        <message>
            <source>Built-up area or population is missing at one end.</source>
            <translation>时段的一端缺少建成区面积或人口。</translation>
        </message>
        <message>
            <source>Built-up area per person</source>
            <translation>人均建成区面积</translation>
        </message>
        <message>
            <source>Built-up area per person at the end</source>
            <translation>期末人均建成区面积</translation>
        </message>
        <message>
            <source>Built-up area per person at the start</source>
            <translation>期初人均建成区面积</translation>
        </message>
        <message>
            <source>Built-up area per person, m²</source>
            <translation>人均建成区面积，m²</translation>
        </message>
        <message>
            <source>Built-up area shrank at only {ratio} times the population's rate.</source>
            <translation>建成区面积的减少速度仅为人口的 {ratio} 倍。</translation>
        </message>
        <message>
            <source>Built-up area shrank while the population grew.</source>
            <translation>建成区面积减少，而人口增长了。</translation>
        </message>
        <message>
            <source>Built-up area shrank {ratio} times as fast as the population.</source>
            <translation>建成区面积的减少速度是人口的 {ratio} 倍。</translation>
        </message>
        <message>
            <source>Built-up area shrank, the population did not change.</source>
            <translation>建成区面积减少，人口没有变化。</translation>
        </message>
        <message>
            <source>Built-up area shrinks as fast as the population grows</source>
            <translation>建成区面积减少与人口增长速度相同</translation>
        </message>
        <message>
            <source>Built-up area shrinks faster than the population grows</source>
            <translation>建成区面积减少快于人口增长</translation>
        </message>
        <message>
            <source>Built-up area shrinks, population grows faster than that</source>
            <translation>建成区面积减少，人口增长得更快</translation>
        </message>
        <message>
            <source>Built-up area shrinks, population unchanged</source>
            <translation>建成区面积减少，人口不变</translation>
        </message>
        <message>
            <source>Built-up area unchanged, population falls</source>
            <translation>建成区面积不变，人口减少</translation>
        </message>
        <message>
            <source>Built-up area unchanged, population grows</source>
            <translation>建成区面积不变，人口增长</translation>
        </message>
        <message>
            <source>Built-up area, km²</source>
            <translation>建成区面积，km²</translation>
        </message>
        <message>
            <source>Built-up cells hold</source>
            <translation>建成区像元的值为</translation>
        </message>
        <message>
            <source>Built-up classes (for cells that hold classes), such as 50,190</source>
            <translation>建成区类别（像元值为类别时），例如 50,190</translation>
        </message>
        <message>
            <source>Built-up fraction</source>
            <translation>建成区比例</translation>
        </message>
        <message>
            <source>Built-up rasters, one per epoch</source>
            <translation>建成区栅格，每个时相一个</translation>
        </message>
        <message>
            <source>Built-up, km²</source>
            <translation>建成区，km²</translation>
        </message>
        <message>
            <source>CRS</source>
            <translation>坐标参考系</translation>
        </message>
        <message>
            <source>Cell size</source>
            <translation>像元大小</translation>
        </message>
        <message>
            <source>Cells that belong to a city</source>
            <translation>属于城市的像元</translation>
        </message>
        <message>
            <source>Change of built-up area</source>
            <translation>建成区面积变化</translation>
        </message>
        <message>
            <source>Change of land per person</source>
            <translation>人均土地变化</translation>
        </message>
        <message>
            <source>Chart of the ratio of totals, means, median and quartiles of LCRPGR by group; the table below has the values.</source>
            <translation>各分组 LCRPGR 的总量之比、均值、中位数和四分位数图；数值见下表。</translation>
        </message>
        <message>
            <source>Check that the epochs are different data, not copies.</source>
            <translation>请检查各时相是不同的数据，而不是副本。</translation>
        </message>
        <message>
            <source>Check the first epoch, or start later.</source>
            <translation>请检查第一个时相，或从更晚的时相开始。</translation>
        </message>
        <message>
            <source>Check the population data and that they cover the city.</source>
            <translation>请检查人口数据及其是否覆盖该城市。</translation>
        </message>
        <message>
            <source>Choose the exact coverage rule or finer rasters.</source>
            <translation>请选择精确覆盖规则或更精细的栅格。</translation>
        </message>
        <message>
            <source>Cities</source>
            <translation>城市</translation>
        </message>
        <message>
            <source>Cities (polygons)</source>
            <translation>城市（面）</translation>
        </message>
        <message>
            <source>Cities (sample)</source>
            <translation>城市（示例）</translation>
        </message>
        <message>
            <source>Cities by LCRPGR of the last interval, highest first. Ratios over hardly any population growth (PGR_NEAR_ZERO) and undefined ones come last.</source>
            <translation>按最后一个时段的 LCRPGR 由高到低排列的城市。人口几乎没有增长（PGR_NEAR_ZERO）的比值和没有定义的比值排在最后。</translation>
        </message>
        <message>
            <source>Cities with a ratio</source>
            <translation>有比值的城市数</translation>
        </message>
        <message>
            <source>Cities without a ratio</source>
            <translation>无比值的城市数</translation>
        </message>
        <message>
            <source>Cities without a ratio in the last interval</source>
            <translation>最后一个时段无比值的城市数</translation>
        </message>
        <message>
            <source>City</source>
            <translation>城市</translation>
        </message>
        <message>
            <source>Colours of degraded and improved land</source>
            <translation>退化与改善土地的配色</translation>
        </message>
        <message>
            <source>Complete the data; totals leave the city out of this interval.</source>
            <translation>请补全数据；本时段的总量不含该城市。</translation>
        </message>
        <message>
            <source>Computed with</source>
            <translation>计算软件</translation>
        </message>
        <message>
            <source>Created</source>
            <translation>生成时间</translation>
        </message>
        <message>
            <source>Cropland</source>
            <translation>耕地</translation>
        </message>
        <message>
            <source>DBAR SDG Tools {version}, formula {formula}.</source>
            <translation>DBAR SDG Tools {version}，公式 {formula}。</translation>
        </message>
        <message>
            <source>Declining</source>
            <translation>下降</translation>
        </message>
        <message>
            <source>Decrease of built-up area per person</source>
            <translation>人均建成区面积的减少</translation>
        </message>
        <message>
            <source>Decrease, p &lt; 0.01</source>
            <translation>下降，p &lt; 0.01</translation>
        </message>
        <message>
            <source>Decrease, p &lt; 0.05</source>
            <translation>下降，p &lt; 0.05</translation>
        </message>
        <message>
            <source>Decrease, p &lt; 0.1</source>
            <translation>下降，p &lt; 0.1</translation>
        </message>
        <message>
            <source>Degraded</source>
            <translation>退化</translation>
        </message>
        <message>
            <source>Development over time</source>
            <translation>随时间的变化</translation>
        </message>
        <message>
            <source>Distribution among cities</source>
            <translation>城市间的分布</translation>
        </message>
        <message>
            <source>Do not rank by this ratio; use the built-up area per person.</source>
            <translation>不要按此比值排名；请改用人均建成区面积。</translation>
        </message>
        <message>
            <source>Efficiency</source>
            <translation>效率</translation>
        </message>
        <message>
            <source>Efficiency of the regime</source>
            <translation>增长类型的效率</translation>
        </message>
        <message>
            <source>Ends before</source>
            <translation>结束于此日之前</translation>
        </message>
        <message>
            <source>Feature {number} is not a polygon (WKB type {kind}).</source>
            <translation>要素 {number} 不是面（WKB 类型 {kind}）。</translation>
        </message>
        <message>
            <source>Field with the city's group (country, region, size class)</source>
            <translation>城市分组字段（国家、地区、规模等级）</translation>
        </message>
        <message>
            <source>Field with the city's name</source>
            <translation>城市名称字段</translation>
        </message>
        <message>
            <source>Filter</source>
            <translation>筛选</translation>
        </message>
        <message>
            <source>First quartile</source>
            <translation>第一四分位数</translation>
        </message>
        <message>
            <source>First year</source>
            <translation>起始年份</translation>
        </message>
        <message>
            <source>Flag</source>
            <translation>标记</translation>
        </message>
        <message>
            <source>Flag a change of built-up area above this rate (per year)</source>
            <translation>建成区面积变化率高于此值时加标记（每年）</translation>
        </message>
        <message>
            <source>Flag cities with data on less than this share of their area (0–1)</source>
            <translation>有数据的面积占比低于此值的城市加标记（0–1）</translation>
        </message>
        <message>
            <source>Flag the ratio below this population growth rate (per year)</source>
            <translation>人口增长率低于此值时给比值加标记（每年）</translation>
        </message>
        <message>
            <source>Flags</source>
            <translation>标记</translation>
        </message>
        <message>
            <source>Flags that occur, with the number of cities and of values (a city in a period) that carry them.</source>
            <translation>出现的标记，以及带有这些标记的城市数和值数（一个城市在一个时段为一个值）。</translation>
        </message>
        <message>
            <source>Formula</source>
            <translation>公式</translation>
        </message>
        <message>
            <source>Formula 2018 is the older, logarithmic form. It gives lower ratios than formula 2021 where built-up area grows: do not mix the two in one series.</source>
            <translation>2018 公式是较早的对数形式。在建成区面积增长时，其比值低于 2021 公式：同一序列中不要混用两种公式。</translation>
        </message>
        <message>
            <source>Formula 2021 is the current official form. Do not mix it in one series with the older, logarithmic one of 2018, which gives lower ratios where built-up area grows.</source>
            <translation>2021 公式是现行官方形式。同一序列中不要与较早的 2018 对数公式混用；在建成区面积增长时，后者的比值较低。</translation>
        </message>
        <message>
            <source>Formula of the rates (edition)</source>
            <translation>比率公式（版本）</translation>
        </message>
        <message>
            <source>Give the population either as rasters or as fields of the city layer, not both and not neither.</source>
            <translation>人口请以栅格或城市图层字段之一给出，不可两者都给，也不可都不给。</translation>
        </message>
        <message>
            <source>Grassland</source>
            <translation>草地</translation>
        </message>
        <message>
            <source>Group</source>
            <translation>分组</translation>
        </message>
        <message>
            <source>Growth regime</source>
            <translation>增长类型</translation>
        </message>
        <message>
            <source>HTML files (*.html)</source>
            <translation>HTML 文件 (*.html)</translation>
        </message>
        <message>
            <source>Help</source>
            <translation>帮助</translation>
        </message>
        <message>
            <source>How to cite the method</source>
            <translation>方法的引用方式</translation>
        </message>
        <message>
            <source>Improved</source>
            <translation>改善</translation>
        </message>
        <message>
            <source>In {year}</source>
            <translation>{year} 年</translation>
        </message>
        <message>
            <source>Increase, p &lt; 0.01</source>
            <translation>上升，p &lt; 0.01</translation>
        </message>
        <message>
            <source>Increase, p &lt; 0.05</source>
            <translation>上升，p &lt; 0.05</translation>
        </message>
        <message>
            <source>Increase, p &lt; 0.1</source>
            <translation>上升，p &lt; 0.1</translation>
        </message>
        <message>
            <source>Increasing</source>
            <translation>上升</translation>
        </message>
        <message>
            <source>Input rasters</source>
            <translation>输入栅格</translation>
        </message>
        <message>
            <source>Inputs and method</source>
            <translation>输入与方法</translation>
        </message>
        <message>
            <source>Intervals</source>
            <translation>时段</translation>
        </message>
        <message>
            <source>Invalid geometries, repaired before measuring ({count}): {names}</source>
            <translation>无效几何，量算前已修复（{count} 个）：{names}</translation>
        </message>
        <message>
            <source>Key figures</source>
            <translation>关键数字</translation>
        </message>
        <message>
            <source>LCR</source>
            <translation>LCR</translation>
        </message>
        <message>
            <source>LCR %{y:.2f} % per year, PGR %{x:.2f} % per year</source>
            <translation>LCR %{y:.2f} %/年，PGR %{x:.2f} %/年</translation>
        </message>
        <message>
            <source>LCR, PGR (% per year)</source>
            <translation>LCR、PGR（%/年）</translation>
        </message>
        <message>
            <source>LCR, land consumption (% per year)</source>
            <translation>LCR，土地消耗率（%/年）</translation>
        </message>
        <message>
            <source>LCR, land consumption rate</source>
            <translation>LCR，土地消耗率</translation>
        </message>
        <message>
            <source>LCRPGR</source>
            <translation>LCRPGR</translation>
        </message>
        <message>
            <source>LCRPGR (ratio)</source>
            <translation>LCRPGR（比值）</translation>
        </message>
        <message>
            <source>LCRPGR by group and aggregate. A triangle at the edge stands for a value outside the frame; the table has it.</source>
            <translation>按分组和汇总方式的 LCRPGR。边缘的三角形表示图框之外的值，其数值见表。</translation>
        </message>
        <message>
            <source>LCRPGR of all cities, {period}</source>
            <translation>全部城市的 LCRPGR，{period}</translation>
        </message>
        <message>
            <source>LCRPGR of the last interval</source>
            <translation>最后一个时段的 LCRPGR</translation>
        </message>
        <message>
            <source>Land consumption against population growth</source>
            <translation>土地消耗与人口增长的对比</translation>
        </message>
        <message>
            <source>Land use efficiency (SDG 11.3.1)</source>
            <translation>土地利用效率（SDG 11.3.1）</translation>
        </message>
        <message>
            <source>Land use efficiency (SDG 11.3.1)…</source>
            <translation>土地利用效率（SDG 11.3.1）…</translation>
        </message>
        <message>
            <source>Land use efficiency by city</source>
            <translation>各城市土地利用效率</translation>
        </message>
        <message>
            <source>Land use efficiency by city and interval</source>
            <translation>各城市各时段土地利用效率</translation>
        </message>
        <message>
            <source>Land use efficiency by group</source>
            <translation>各分组土地利用效率</translation>
        </message>
        <message>
            <source>Last year</source>
            <translation>结束年份</translation>
        </message>
        <message>
            <source>Less built-up area at the end than at the start.</source>
            <translation>期末建成区面积小于期初。</translation>
        </message>
        <message>
            <source>Line chart of LCR, PGR and LCRPGR by period; the table below has the values.</source>
            <translation>各时段 LCR、PGR 和 LCRPGR 折线图；数值见下表。</translation>
        </message>
        <message>
            <source>Load sample data</source>
            <translation>加载示例数据</translation>
        </message>
        <message>
            <source>Look for a change of sensor or classification between the epochs.</source>
            <translation>请检查各时相之间传感器或分类方法是否有变化。</translation>
        </message>
        <message>
            <source>Map class</source>
            <translation>图例级别</translation>
        </message>
        <message>
            <source>Map class of the last interval</source>
            <translation>最后一个时段的图例级别</translation>
        </message>
        <message>
            <source>Mean</source>
            <translation>均值</translation>
        </message>
        <message>
            <source>Mean weighted by population</source>
            <translation>人口加权均值</translation>
        </message>
        <message>
            <source>Mean without the outer 5 %</source>
            <translation>去掉两端 5 % 后的均值</translation>
        </message>
        <message>
            <source>Meaning</source>
            <translation>含义</translation>
        </message>
        <message>
            <source>Median</source>
            <translation>中位数</translation>
        </message>
        <message>
            <source>Memory for raster blocks, in megabytes</source>
            <translation>栅格块使用的内存（MB）</translation>
        </message>
        <message>
            <source>Mend the boundaries before you use group totals.</source>
            <translation>使用分组总量之前请先修正边界。</translation>
        </message>
        <message>
            <source>Moderate decline</source>
            <translation>中度下降</translation>
        </message>
        <message>
            <source>Neither GDAL's Python bindings (osgeo) nor rasterio is installed. Install python3-gdal, or reinstall QGIS.</source>
            <translation>未安装 GDAL 的 Python 绑定（osgeo），也未安装 rasterio。请安装 python3-gdal，或重新安装 QGIS。</translation>
        </message>
        <message>
            <source>Neither built-up area nor population changed.</source>
            <translation>建成区面积和人口都没有变化。</translation>
        </message>
        <message>
            <source>Neither built-up area nor population changed: there is no ratio.</source>
            <translation>建成区面积和人口都没有变化：没有比值。</translation>
        </message>
        <message>
            <source>Neither built-up area nor population changes</source>
            <translation>建成区面积和人口都不变</translation>
        </message>
        <message>
            <source>No built-up area at the start, so there is no LCR.</source>
            <translation>期初没有建成区面积，因此没有 LCR。</translation>
        </message>
        <message>
            <source>No city has both built-up area and population: all results are empty. Check nodata and the extent of the rasters.</source>
            <translation>没有任何城市同时具有建成区面积和人口：所有结果为空。请检查栅格的无数据值和范围。</translation>
        </message>
        <message>
            <source>No city has both rates: there is nothing to draw.</source>
            <translation>没有任何城市同时具有两个比率：没有可绘制的内容。</translation>
        </message>
        <message>
            <source>No city overlaps the raster {name}. Check the CRS of the city layer and of the raster, and that both show the same region.</source>
            <translation>没有城市与栅格 {name} 重叠。请检查城市图层和栅格的坐标参考系，以及二者是否为同一地区。</translation>
        </message>
        <message>
            <source>No feature of the city layer has a polygon. Choose another layer.</source>
            <translation>城市图层中没有任何要素具有面几何。请选择其他图层。</translation>
        </message>
        <message>
            <source>No inhabitants at one end, so there is no PGR.</source>
            <translation>时段的一端没有居民，因此没有 PGR。</translation>
        </message>
        <message>
            <source>No population is given: fill in “{rasters}” or “{fields}”.</source>
            <translation>没有给出人口：请填写“{rasters}”或“{fields}”。</translation>
        </message>
        <message>
            <source>No rate is known: there is nothing to draw.</source>
            <translation>没有已知的比率：没有可绘制的内容。</translation>
        </message>
        <message>
            <source>No significant trend</source>
            <translation>无显著趋势</translation>
        </message>
        <message>
            <source>No value is flagged, and there is no warning.</source>
            <translation>没有带标记的值，也没有警告。</translation>
        </message>
        <message>
            <source>No year in the name “{name}”. Type the years in {parameter}, such as 1990,2000,2015.</source>
            <translation>名称“{name}”中没有年份。请在{parameter}中输入年份，例如 1990,2000,2015。</translation>
        </message>
        <message>
            <source>No-data value</source>
            <translation>无数据值</translation>
        </message>
        <message>
            <source>Notes on the data</source>
            <translation>数据说明</translation>
        </message>
        <message>
            <source>Number of cities</source>
            <translation>城市数</translation>
        </message>
        <message>
            <source>One interval only: there is no series to draw yet.</source>
            <translation>只有一个时段：尚无序列可绘制。</translation>
        </message>
        <message>
            <source>Other land</source>
            <translation>其他土地</translation>
        </message>
        <message>
            <source>PGR</source>
            <translation>PGR</translation>
        </message>
        <message>
            <source>PGR, population growth (% per year)</source>
            <translation>PGR，人口增长率（%/年）</translation>
        </message>
        <message>
            <source>PGR, population growth rate</source>
            <translation>PGR，人口增长率</translation>
        </message>
        <message>
            <source>Parameters</source>
            <translation>参数</translation>
        </message>
        <message>
            <source>Period</source>
            <translation>时段</translation>
        </message>
        <message>
            <source>Persistent degradation</source>
            <translation>持续退化</translation>
        </message>
        <message>
            <source>Persistent improvement</source>
            <translation>持续改善</translation>
        </message>
        <message>
            <source>Persons</source>
            <translation>人口（人）</translation>
        </message>
        <message>
            <source>Population</source>
            <translation>人口</translation>
        </message>
        <message>
            <source>Population at the end</source>
            <translation>期末人口</translation>
        </message>
        <message>
            <source>Population at the start</source>
            <translation>期初人口</translation>
        </message>
        <message>
            <source>Population cells hold (count: persons; density: persons per km²)</source>
            <translation>人口像元的值（count：人数；density：每 km² 人数）</translation>
        </message>
        <message>
            <source>Population fields of the cities, one per epoch, instead</source>
            <translation>或改用城市的人口字段，每个时相一个</translation>
        </message>
        <message>
            <source>Population rasters, one per epoch</source>
            <translation>人口栅格，每个时相一个</translation>
        </message>
        <message>
            <source>Population, persons</source>
            <translation>人口，人</translation>
        </message>
        <message>
            <source>Ranking of cities</source>
            <translation>城市排名</translation>
        </message>
        <message>
            <source>Rare except after clearance or a disaster: compare both epochs.</source>
            <translation>除拆除或灾害之后外很少见：请比对两个时相。</translation>
        </message>
        <message>
            <source>Raster</source>
            <translation>栅格</translation>
        </message>
        <message>
            <source>Rates and ratio of the totals, by group and period.</source>
            <translation>各分组各时段总量的比率与比值。</translation>
        </message>
        <message>
            <source>Ratio of all cities together, last interval</source>
            <translation>全部城市合计的比值，最后一个时段</translation>
        </message>
        <message>
            <source>Ratio of the rate at which cities consume land to the rate at which their population grows.</source>
            <translation>城市土地消耗率与人口增长率之比。</translation>
        </message>
        <message>
            <source>Ratio of totals</source>
            <translation>总量之比</translation>
        </message>
        <message>
            <source>Ratio of totals by group: the built-up areas and the populations of the group's cities are summed first, then the formula is applied.</source>
            <translation>各分组的总量之比：先将分组内各城市的建成区面积和人口分别求和，再应用公式。</translation>
        </message>
        <message>
            <source>Recent degradation</source>
            <translation>近期退化</translation>
        </message>
        <message>
            <source>Recent improvement</source>
            <translation>近期改善</translation>
        </message>
        <message>
            <source>Regime</source>
            <translation>增长类型</translation>
        </message>
        <message>
            <source>Regimes among the cities that have both rates.</source>
            <translation>同时具有两个比率的城市的增长类型。</translation>
        </message>
        <message>
            <source>Regimes that occur, by the signs of LCR and PGR and their ratio.</source>
            <translation>出现的增长类型，按 LCR 与 PGR 的符号及其比值划分。</translation>
        </message>
        <message>
            <source>Report</source>
            <translation>报告</translation>
        </message>
        <message>
            <source>Report LCR and PGR apart, or take a longer interval.</source>
            <translation>请分别报告 LCR 和 PGR，或采用更长的时段。</translation>
        </message>
        <message>
            <source>Role</source>
            <translation>用途</translation>
        </message>
        <message>
            <source>SDG 11.3.1 Urban land use</source>
            <translation>SDG 11.3.1 城市土地利用</translation>
        </message>
        <message>
            <source>SDG indicator 11.3.1</source>
            <translation>SDG 指标 11.3.1</translation>
        </message>
        <message>
            <source>SDG,11.3.1,urban,city,land consumption,population growth,LCRPGR,LCR,PGR,built-up,settlement,GHSL,sprawl</source>
            <translation>SDG,11.3.1,可持续发展目标,城市,土地消耗,土地利用效率,人口增长,LCRPGR,LCR,PGR,建成区,居民地,GHSL,城市扩张</translation>
        </message>
        <message>
            <source>Sample data (SDG 11.3.1)</source>
            <translation>示例数据（SDG 11.3.1）</translation>
        </message>
        <message>
            <source>Say which class values count as built up, for example 50,190.</source>
            <translation>请说明哪些类别值算作建成区，例如 50,190。</translation>
        </message>
        <message>
            <source>Scatter chart of LCR against PGR with a mark for each city; the ranking has the values.</source>
            <translation>LCR 对 PGR 的散点图，每个城市一个标记；数值见排名。</translation>
        </message>
        <message>
            <source>Share above 1</source>
            <translation>大于 1 的占比</translation>
        </message>
        <message>
            <source>Share of cities by regime, %</source>
            <translation>各增长类型的城市占比，%</translation>
        </message>
        <message>
            <source>Share of cities, %</source>
            <translation>城市占比，%</translation>
        </message>
        <message>
            <source>Share of efficient regimes</source>
            <translation>高效增长类型占比</translation>
        </message>
        <message>
            <source>Share of inefficient regimes</source>
            <translation>低效增长类型占比</translation>
        </message>
        <message>
            <source>Share of regime R{regime}</source>
            <translation>增长类型 R{regime} 占比</translation>
        </message>
        <message>
            <source>Share without change</source>
            <translation>无变化占比</translation>
        </message>
        <message>
            <source>Show all rows</source>
            <translation>显示所有行</translation>
        </message>
        <message>
            <source>Span</source>
            <translation>跨度</translation>
        </message>
        <message>
            <source>Stability</source>
            <translation>稳定</translation>
        </message>
        <message>
            <source>Stable</source>
            <translation>稳定</translation>
        </message>
        <message>
            <source>Stressed</source>
            <translation>受胁迫</translation>
        </message>
        <message>
            <source>The CRS of “{name}” was set in QGIS only and the file does not hold it. Write it into the file with “Assign projection”, then run again.</source>
            <translation>“{name}”的坐标参考系只在 QGIS 中设置，文件中并没有。请用“指定投影”将其写入文件，然后重新运行。</translation>
        </message>
        <message>
            <source>The CRS {crs} is not known: {reason}</source>
            <translation>坐标参考系 {crs} 无法识别：{reason}</translation>
        </message>
        <message>
            <source>The CRS {crs} is not tied to the Earth, so areas cannot be measured. Assign the raster's real CRS.</source>
            <translation>坐标参考系 {crs} 与地球没有关联，因此无法量算面积。请为栅格指定真实的坐标参考系。</translation>
        </message>
        <message>
            <source>The Dask scheduler {scheduler} does not answer: {reason}. Start it, or clear the setting.</source>
            <translation>Dask 调度器 {scheduler} 没有响应：{reason}。请启动它，或清除该设置。</translation>
        </message>
        <message>
            <source>The aggregates differ because the ratio of totals weighs every city by its land and people, whereas a mean of ratios can be carried far away by a few cities whose population hardly changes; the median and the trimmed mean resist them.</source>
            <translation>各汇总值不同，是因为总量之比按土地和人口给每个城市加权，而比值的均值会被少数人口几乎不变的城市带偏；中位数和截尾均值则不受其影响。</translation>
        </message>
        <message>
            <source>The charts need JavaScript. The tables hold all their values.</source>
            <translation>图表需要 JavaScript。表格包含图表的全部数值。</translation>
        </message>
        <message>
            <source>The city holds no cell by the coverage rule chosen.</source>
            <translation>按所选覆盖规则，该城市不含任何像元。</translation>
        </message>
        <message>
            <source>The city layer has no features. Choose another layer.</source>
            <translation>城市图层没有要素。请选择其他图层。</translation>
        </message>
        <message>
            <source>The city overlaps another one: group totals count the land twice.</source>
            <translation>该城市与另一城市重叠：分组总量会重复计算这部分土地。</translation>
        </message>
        <message>
            <source>The folder {folder} already holds {file}, which is kept as it is. Choose an empty folder for the sample data.</source>
            <translation>文件夹 {folder} 中已有 {file}，将保持原样。请为示例数据选择一个空文件夹。</translation>
        </message>
        <message>
            <source>The folder {folder} cannot be made: {reason}. Choose another one.</source>
            <translation>无法创建文件夹 {folder}：{reason}。请选择其他文件夹。</translation>
        </message>
        <message>
            <source>The folder {folder} does not exist. Create it, then run again.</source>
            <translation>文件夹 {folder} 不存在。请先创建，然后重新运行。</translation>
        </message>
        <message>
            <source>The geometry of feature {number} is damaged: {reason}</source>
            <translation>要素 {number} 的几何已损坏：{reason}</translation>
        </message>
        <message>
            <source>The layer “{name}” comes from a service or database ({provider}), which gives pictures or values that cannot be measured here. Save it as a GeoTIFF, then use that file.</source>
            <translation>图层“{name}”来自服务或数据库（{provider}），其提供的图像或数值无法在此量算。请将其另存为 GeoTIFF，然后使用该文件。</translation>
        </message>
        <message>
            <source>The layer “{name}” has no CRS, so its polygons cannot be laid over the rasters. Set the layer's CRS, then run again.</source>
            <translation>图层“{name}”没有坐标参考系，其面无法与栅格叠加。请设置图层的坐标参考系，然后重新运行。</translation>
        </message>
        <message>
            <source>The layer “{name}” has no feature to compute.</source>
            <translation>图层“{name}”没有可计算的要素。</translation>
        </message>
        <message>
            <source>The licences of the input data hold for this result as well.</source>
            <translation>输入数据的许可协议同样适用于本结果。</translation>
        </message>
        <message>
            <source>The metadata of {path} was not saved: {reason}</source>
            <translation>{path} 的元数据未能保存：{reason}</translation>
        </message>
        <message>
            <source>The names say {builtup} for built-up area and {population} for population. If that is meant, type the years of the population in “{parameter}”.</source>
            <translation>名称中建成区的年份为 {builtup}，人口的年份为 {population}。如果确实如此，请在“{parameter}”中输入人口的年份。</translation>
        </message>
        <message>
            <source>The no-data values set for “{name}” in QGIS are not used; those of its file are.</source>
            <translation>在 QGIS 中为“{name}”设置的无数据值不被使用；使用的是其文件中的无数据值。</translation>
        </message>
        <message>
            <source>The plugin's interval table holds every city and every interval.</source>
            <translation>插件的时段表包含每个城市的每个时段。</translation>
        </message>
        <message>
            <source>The population hardly changed: a small error in it changes the ratio a lot.</source>
            <translation>人口几乎没有变化：其微小误差会使比值变化很大。</translation>
        </message>
        <message>
            <source>The population hardly changed: read the ratio with care.</source>
            <translation>人口几乎没有变化：请谨慎解读该比值。</translation>
        </message>
        <message>
            <source>The population is the same at both ends, so there is no ratio.</source>
            <translation>时段两端的人口相同，因此没有比值。</translation>
        </message>
        <message>
            <source>The population rasters give {density:.3g} inhabitants per km2 of built-up area. If their values are densities, choose “density”.</source>
            <translation>按人口栅格，每 km² 建成区有 {density:.3g} 名居民。如果其值是密度，请选择“density”。</translation>
        </message>
        <message>
            <source>The product may see no change here: do not read 0 as efficiency.</source>
            <translation>该产品在此处可能看不到变化：不要把 0 理解为高效。</translation>
        </message>
        <message>
            <source>The raster lies outside the area where its CRS can be used. Check that the right CRS is assigned ({crs}).</source>
            <translation>栅格位于其坐标参考系的适用范围之外。请检查指定的坐标参考系是否正确（{crs}）。</translation>
        </message>
        <message>
            <source>The report needs the Python library plotly, which QGIS usually brings. Install it (Debian, Ubuntu: python3-plotly), or leave the report out.</source>
            <translation>报告需要 Python 库 plotly，QGIS 通常自带。请安装它（Debian、Ubuntu：python3-plotly），或不生成报告。</translation>
        </message>
        <message>
            <source>The report needs the Python library plotly, which is not installed. Install plotly for QGIS's Python, or leave the report's file name empty.</source>
            <translation>报告需要 Python 库 plotly，但尚未安装。请为 QGIS 的 Python 安装 plotly，或将报告的文件名留空。</translation>
        </message>
        <message>
            <source>The sample data is loaded. Its files are in {folder}.</source>
            <translation>示例数据已加载。文件位于 {folder}。</translation>
        </message>
        <message>
            <source>The settings name a Dask scheduler ({scheduler}), but the Python library 'distributed' is not installed. Install it, or clear the setting.</source>
            <translation>设置中指定了 Dask 调度器（{scheduler}），但未安装 Python 库 distributed。请安装它，或清除该设置。</translation>
        </message>
        <message>
            <source>The style of {path} was not saved: {reason}</source>
            <translation>{path} 的样式未能保存：{reason}</translation>
        </message>
        <message>
            <source>The whole period is computed from its two ends; it is not the mean of its intervals.</source>
            <translation>整个时期由其两端计算得出，并非各时段的均值。</translation>
        </message>
        <message>
            <source>The years {years} do not increase. Give them in order.</source>
            <translation>年份 {years} 不是递增的。请按顺序给出。</translation>
        </message>
        <message>
            <source>There are {builtup} years of built-up area, {years} of population and {epochs} populations. Give as many of each.</source>
            <translation>建成区面积有 {builtup} 个年份，人口有 {years} 个年份和 {epochs} 组数据。请使三者数目相同。</translation>
        </message>
        <message>
            <source>Third quartile</source>
            <translation>第三四分位数</translation>
        </message>
        <message>
            <source>Threads (0: as many as QGIS may use)</source>
            <translation>线程数（0：QGIS 允许的全部线程）</translation>
        </message>
        <message>
            <source>Too small a part of the city has data.</source>
            <translation>该城市有数据的部分太小。</translation>
        </message>
        <message>
            <source>Tree-covered areas</source>
            <translation>林地</translation>
        </message>
        <message>
            <source>UN-Habitat: training module on indicator 11.3.1, edition of 2018.</source>
            <translation>联合国人居署：指标 11.3.1 培训模块，2018 年版。</translation>
        </message>
        <message>
            <source>Undefined: a rate is missing, see the flags</source>
            <translation>未定义：缺少一个比率，见标记</translation>
        </message>
        <message>
            <source>United Nations Statistics Division: SDG indicator metadata 11-03-01, ratio of land consumption rate to population growth rate, edition of 2021-03-01.</source>
            <translation>联合国统计司：SDG 指标元数据 11-03-01，土地消耗率与人口增长率之比，2021-03-01 版。</translation>
        </message>
        <message>
            <source>Use rasters that cover the whole city, or leave it out.</source>
            <translation>请使用覆盖整个城市的栅格，或不计算该城市。</translation>
        </message>
        <message>
            <source>V: built-up area, P: population, 1 and 2: start and end of an interval of t years. LCR: land consumption rate, PGR: population growth rate.</source>
            <translation>V：建成区面积，P：人口，1 和 2：长度为 t 年的时段的起点和终点。LCR：土地消耗率，PGR：人口增长率。</translation>
        </message>
        <message>
            <source>Values</source>
            <translation>值数</translation>
        </message>
        <message>
            <source>Warnings</source>
            <translation>警告</translation>
        </message>
        <message>
            <source>Warnings: {count}. Read them before you use these figures:</source>
            <translation>警告：{count} 条。使用这些数字之前请先阅读：</translation>
        </message>
        <message>
            <source>Water bodies</source>
            <translation>水体</translation>
        </message>
        <message>
            <source>Wetland</source>
            <translation>湿地</translation>
        </message>
        <message>
            <source>What to do</source>
            <translation>处理办法</translation>
        </message>
        <message>
            <source>Without a geometry that has an area, so without results ({count}): {names}</source>
            <translation>没有具有面积的几何，因此没有结果（{count} 个）：{names}</translation>
        </message>
        <message>
            <source>Writing the sample data</source>
            <translation>正在写入示例数据</translation>
        </message>
        <message>
            <source>Year</source>
            <translation>年份</translation>
        </message>
        <message>
            <source>Years of the population, where they differ</source>
            <translation>人口的年份（与建成区不同时）</translation>
        </message>
        <message>
            <source>Years, such as 1990,2000,2015 (empty: read from the names)</source>
            <translation>年份，例如 1990,2000,2015（空：从名称读取）</translation>
        </message>
        <message>
            <source>above 2: land changes over twice as much</source>
            <translation>大于 2：土地变化超过人口变化的两倍</translation>
        </message>
        <message>
            <source>all</source>
            <translation>全部</translation>
        </message>
        <message>
            <source>below −1: opposite ways, land changes more</source>
            <translation>小于 −1：方向相反，土地变化更大</translation>
        </message>
        <message>
            <source>both shrink</source>
            <translation>二者都减少</translation>
        </message>
        <message>
            <source>built-up area</source>
            <translation>建成区面积</translation>
        </message>
        <message>
            <source>defined</source>
            <translation>有定义</translation>
        </message>
        <message>
            <source>efficient</source>
            <translation>高效</translation>
        </message>
        <message>
            <source>efficient (R1–R9)</source>
            <translation>高效（R1–R9）</translation>
        </message>
        <message>
            <source>en</source>
            <translation>zh-CN</translation>
        </message>
        <message>
            <source>end</source>
            <translation>期末</translation>
        </message>
        <message>
            <source>feature {id}</source>
            <translation>要素 {id}</translation>
        </message>
        <message>
            <source>formula {formula}</source>
            <translation>公式 {formula}</translation>
        </message>
        <message>
            <source>inefficient</source>
            <translation>低效</translation>
        </message>
        <message>
            <source>inefficient (R10–R16)</source>
            <translation>低效（R10–R16）</translation>
        </message>
        <message>
            <source>land grows faster</source>
            <translation>土地增长更快</translation>
        </message>
        <message>
            <source>land grows, population falls</source>
            <translation>土地增长，人口减少</translation>
        </message>
        <message>
            <source>land shrinks, population grows</source>
            <translation>土地减少，人口增长</translation>
        </message>
        <message>
            <source>lower quartile</source>
            <translation>下四分位数</translation>
        </message>
        <message>
            <source>mean</source>
            <translation>均值</translation>
        </message>
        <message>
            <source>median</source>
            <translation>中位数</translation>
        </message>
        <message>
            <source>middle half of the cities (IQR)</source>
            <translation>居中的一半城市（IQR）</translation>
        </message>
        <message>
            <source>m² per person</source>
            <translation>m²/人</translation>
        </message>
        <message>
            <source>neutral</source>
            <translation>中性</translation>
        </message>
        <message>
            <source>neutral (R17)</source>
            <translation>中性（R17）</translation>
        </message>
        <message>
            <source>per year</source>
            <translation>每年</translation>
        </message>
        <message>
            <source>population</source>
            <translation>人口</translation>
        </message>
        <message>
            <source>population grows faster</source>
            <translation>人口增长更快</translation>
        </message>
        <message>
            <source>population-weighted mean</source>
            <translation>人口加权均值</translation>
        </message>
        <message>
            <source>ratio of totals</source>
            <translation>总量之比</translation>
        </message>
        <message>
            <source>share of the start</source>
            <translation>占期初的比例</translation>
        </message>
        <message>
            <source>share per ten years</source>
            <translation>每十年的比例</translation>
        </message>
        <message>
            <source>start</source>
            <translation>期初</translation>
        </message>
        <message>
            <source>undefined</source>
            <translation>未定义</translation>
        </message>
        <message>
            <source>undefined: see the flags</source>
            <translation>未定义：见标记</translation>
        </message>
        <message>
            <source>upper quartile</source>
            <translation>上四分位数</translation>
        </message>
        <message>
            <source>weighted mean</source>
            <translation>加权均值</translation>
        </message>
        <message>
            <source>{label}: {count} were chosen, but {years} names {year_count} years ({listed}). There must be one for each year.</source>
            <translation>{label}：选择了 {count} 个，但{years}给出了 {year_count} 个年份（{listed}）。每个年份必须有一个。</translation>
        </message>
        <message>
            <source>{label}: {year} ← {name}</source>
            <translation>{label}：{year} ← {name}</translation>
        </message>
        <message>
            <source>{name} does not overlap the reference raster. Check the CRS of both, and that they show the same region.</source>
            <translation>{name} 与参考栅格不重叠。请检查二者的坐标参考系，以及是否为同一地区。</translation>
        </message>
        <message>
            <source>{name} gives {people:.3g} inhabitants for all cities, more than the Earth has. Are its values densities? Then choose “density”.</source>
            <translation>{name} 得出全部城市共有 {people:.3g} 名居民，超过全球人口。其值是密度吗？若是，请选择“density”。</translation>
        </message>
        <message>
            <source>{name} has no coordinate reference system. Set it (Raster &gt; Projections &gt; Assign projection), then run again.</source>
            <translation>{name} 没有坐标参考系。请设置（栅格 &gt; 投影 &gt; 指定投影），然后重新运行。</translation>
        </message>
        <message>
            <source>{name} has {count} bands; band {band} was asked for.</source>
            <translation>{name} 有 {count} 个波段，而请求的是第 {band} 波段。</translation>
        </message>
        <message>
            <source>{name} holds complex numbers, which no indicator can use.</source>
            <translation>{name} 的值是复数，任何指标都无法使用。</translation>
        </message>
        <message>
            <source>{name} holds the value {value}, but a binary built-up raster holds 0 and 1 only. Choose another kind of built-up raster (classes, percent, square metres), or set the value as nodata.</source>
            <translation>{name} 含有值 {value}，但二值建成区栅格只含 0 和 1。请选择其他类型的建成区栅格（类别、百分比、平方米），或将该值设为无数据值。</translation>
        </message>
        <message>
            <source>{name} holds the value {value}, but built-up fractions lie between 0 and 1. If values go up to 100 choose “percent”; if they are areas of buildings choose “square metres”; if it is a nodata value, set it as nodata of the raster.</source>
            <translation>{name} 含有值 {value}，但建成区比例应在 0 与 1 之间。若值最大为 100，请选择“percent”（百分比）；若是建筑面积，请选择“square_metres”（平方米）；若是无数据值，请将其设为栅格的无数据值。</translation>
        </message>
        <message>
            <source>{name} holds the value {value}, but built-up percentages lie between 0 and 100. If they are areas of buildings choose “square metres”; if it is a nodata value, set it as nodata of the raster.</source>
            <translation>{name} 含有值 {value}，但建成区百分比应在 0 与 100 之间。若是建筑面积，请选择“square_metres”（平方米）；若是无数据值，请将其设为栅格的无数据值。</translation>
        </message>
        <message>
            <source>{name} holds the value {value}, which cannot be a built-up area. Set it as nodata of the raster (Translate, “Assign a nodata value”), then run again.</source>
            <translation>{name} 含有值 {value}，不可能是建成区面积。请将其设为栅格的无数据值（转换工具中的“指定无数据值”），然后重新运行。</translation>
        </message>
        <message>
            <source>{name} holds the value {value}, which cannot be a population. Set it as nodata of the raster (Translate, “Assign a nodata value”), then run again.</source>
            <translation>{name} 含有值 {value}，不可能是人口。请将其设为栅格的无数据值（转换工具中的“指定无数据值”），然后重新运行。</translation>
        </message>
        <message>
            <source>{name} holds the value {value}, which is not a year. A first-built-year raster holds years, and 0 or nodata where nothing is built.</source>
            <translation>{name} 含有值 {value}，不是年份。首次建成年份栅格的值为年份，未建成处为 0 或无数据值。</translation>
        </message>
        <message>
            <source>{name} is not georeferenced: it has no cell size and position. Georeference it, then run again.</source>
            <translation>{name} 没有地理配准：没有像元大小和位置。请先配准，然后重新运行。</translation>
        </message>
        <message>
            <source>{name} is not on the grid of {reference}.</source>
            <translation>{name} 不在 {reference} 的格网上。</translation>
        </message>
        <message>
            <source>{name} would have to be read on a rotated grid. Choose a reference raster whose rows run along the axes of its CRS.</source>
            <translation>{name} 需要在旋转的格网上读取。请选择行列与其坐标参考系轴线平行的参考栅格。</translation>
        </message>
        <message>
            <source>{output}: fields with another name: {names}</source>
            <translation>{output}：改名的字段：{names}</translation>
        </message>
        <message>
            <source>{outside} of {total} cities lie outside the frame; the ranking lists them.</source>
            <translation>{total} 个城市中有 {outside} 个位于图框之外；排名中列有它们。</translation>
        </message>
        <message>
            <source>{parameter}: a rate needs at least two epochs; choose one raster per epoch, or one raster with a band per epoch.</source>
            <translation>{parameter}：计算比率至少需要两个时相；请每个时相选择一个栅格，或选择一个每个时相一个波段的栅格。</translation>
        </message>
        <message>
            <source>{parameter}: cells that hold the year first built need one raster for all epochs, but {count} were chosen.</source>
            <translation>{parameter}：像元值为首次建成年份时，所有时相只需一个栅格，但选择了 {count} 个。</translation>
        </message>
        <message>
            <source>{parameter}: choose at least one raster.</source>
            <translation>{parameter}：请至少选择一个栅格。</translation>
        </message>
        <message>
            <source>{parameter}: say which classes are built-up land, such as 50,190.</source>
            <translation>{parameter}：请说明哪些类别是建成区，例如 50,190。</translation>
        </message>
        <message>
            <source>{parameter}: the years must increase, but {later} comes after {earlier}. Put the years, and the layers with them, in order of time.</source>
            <translation>{parameter}：年份必须递增，但 {later} 排在 {earlier} 之后。请将年份及相应图层按时间顺序排列。</translation>
        </message>
        <message>
            <source>{parameter}: type at least two years at which to measure what had been built by then, such as 1990,2000,2015.</source>
            <translation>{parameter}：请至少输入两个年份，用于量算截至当年已建成的面积，例如 1990,2000,2015。</translation>
        </message>
        <message>
            <source>{parameter}: “{field}” is not a numeric field of “{layer}”.</source>
            <translation>{parameter}：“{field}”不是“{layer}”的数值字段。</translation>
        </message>
        <message>
            <source>{parameter}: “{piece}” is not a class number. Write whole numbers apart by commas, such as 50,190.</source>
            <translation>{parameter}：“{piece}”不是类别编号。请用逗号分隔整数，例如 50,190。</translation>
        </message>
        <message>
            <source>{parameter}: “{piece}” is not a year. Write the years apart by commas, such as 1990,2000,2015.</source>
            <translation>{parameter}：“{piece}”不是年份。请用逗号分隔年份，例如 1990,2000,2015。</translation>
        </message>
        <message>
            <source>{parameter}: “{source}” cannot be opened as a raster. Check that the file exists and is readable.</source>
            <translation>{parameter}：“{source}”无法作为栅格打开。请检查文件是否存在且可读。</translation>
        </message>
        <message>
            <source>{path} cannot be brought onto the other grid: {reason}</source>
            <translation>{path} 无法转换到另一格网：{reason}</translation>
        </message>
        <message>
            <source>{path} cannot be opened as a raster: {reason}</source>
            <translation>{path} 无法作为栅格打开：{reason}</translation>
        </message>
        <message>
            <source>{path} cannot be read; is it damaged or cut short? {reason}</source>
            <translation>{path} 无法读取；文件是否损坏或不完整？{reason}</translation>
        </message>
        <message>
            <source>{path} could not be replaced: {reason}. Close the programs that use it, or choose another name.</source>
            <translation>{path} 无法被替换：{reason}。请关闭使用它的程序，或换一个名称。</translation>
        </message>
        <message>
            <source>{path} could not be written whole; is the disk full?</source>
            <translation>{path} 未能完整写入；磁盘是否已满？</translation>
        </message>
        <message>
            <source>{path} could not be written: {reason}. Choose another place.</source>
            <translation>{path} 无法写入：{reason}。请选择其他位置。</translation>
        </message>
        <message>
            <source>{path} could not be written; is the disk full? {reason}</source>
            <translation>{path} 无法写入；磁盘是否已满？{reason}</translation>
        </message>
        <message>
            <source>{path} may take up to {needed} MB, but only {free} MB are free. Free space, or choose another folder.</source>
            <translation>{path} 最多可能占用 {needed} MB，但只剩 {free} MB。请腾出空间，或选择其他文件夹。</translation>
        </message>
        <message>
            <source>{path}: rasters are written as {formats}. Choose one of these endings.</source>
            <translation>{path}：栅格可写为 {formats}。请选择其中一种扩展名。</translation>
        </message>
        <message>
            <source>{period} (rates in % per year)</source>
            <translation>{period}（比率单位：%/年）</translation>
        </message>
        <message>
            <source>{rasters} built-up rasters were given for {years} years; {wanted} are needed. Give one raster per year, or a single raster with the year first built.</source>
            <translation>{years} 个年份给出了 {rasters} 个建成区栅格，而需要 {wanted} 个。请每年给出一个栅格，或给出一个首次建成年份栅格。</translation>
        </message>
        <message>
            <source>{shown} of {total} rows</source>
            <translation>{total} 行中的 {shown} 行</translation>
        </message>
        <message>
            <source>{start} to {end}: ratio of all cities together ({count}): {ratio}; cities without a ratio of their own: {undefined}.</source>
            <translation>{start} 至 {end}：全部城市合计（{count} 个）的比值为 {ratio}；自身没有比值的城市：{undefined} 个。</translation>
        </message>
        <message>
            <source>{years} (all)</source>
            <translation>{years}（全部）</translation>
        </message>
        <message>
            <source>{years}, whole period</source>
            <translation>{years}，整个时期</translation>
        </message>
        <message>
            <source>“{first}” and “{second}” both name the year {year}. Type the years in {parameter}.</source>
            <translation>“{first}”与“{second}”的名称都含年份 {year}。请在{parameter}中输入年份。</translation>
        </message>
        <message>
            <source>“{name}” has {count} bands; the first is used.</source>
            <translation>“{name}”有 {count} 个波段；使用第一个。</translation>
        </message>
        <message>
            <source>“{name}” is taken for {year}, as typed, though its name says {named}. Check the order of the layers.</source>
            <translation>“{name}”按输入视为 {year} 年，但其名称为 {named}。请检查图层的顺序。</translation>
        </message>
        <message>
            <source>“{name}” names more than one year ({years}). Type the years in {parameter}.</source>
            <translation>“{name}”的名称含有多个年份（{years}）。请在{parameter}中输入年份。</translation>
        </message>
        <message>
            <source>“{value}” is not one of {known}.</source>
            <translation>“{value}”不在 {known} 之中。</translation>
        </message>
        <message>
            <source>−1 to 0: opposite ways, population changes more</source>
            <translation>−1 至 0：方向相反，人口变化更大</translation>
        </message>
    </context>
</TS>
