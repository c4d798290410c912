<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
    <context>
        <name>Dbar</name>
        <message>
            <source> s</source>
            <translation> 秒</translation>
        </message>
        <message>
            <source>% of the mean per year</source>
            <translation>占平均值的 %</translation>
        </message>
        <message>
            <source>% per year</source>
            <translation>%/年</translation>
        </message>
        <message>
            <source>%{customdata} km², %{x:.1f} %</source>
            <translation>%{customdata} km²，%{x:.1f} %</translation>
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
            <source>(no value)</source>
            <translation>（无值）</translation>
        </message>
        <message>
            <source>0 items; without “{part}” there are some.</source>
            <translation>0 个条目；去掉“{part}”则有条目。</translation>
        </message>
        <message>
            <source>0 items; without “{part}” there are {count}.</source>
            <translation>0 个条目；去掉“{part}”则有 {count} 个。</translation>
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
            <source>100 %: whatever it is.</source>
            <translation>100 %：不限云量。</translation>
        </message>
        <message>
            <source>5 % trimmed mean</source>
            <translation>5 % 截尾均值</translation>
        </message>
        <message>
            <source>A Zarr store is a folder of many files, which is not opened here.</source>
            <translation>Zarr 存储是由许多文件组成的文件夹，此处不能打开。</translation>
        </message>
        <message>
            <source>A catalog of plain files: it is read and searched here.</source>
            <translation>由普通文件组成的目录：在本机读取和搜索。</translation>
        </message>
        <message>
            <source>A catalog on the web names a file of this computer.</source>
            <translation>网络上的目录指向了本机的文件。</translation>
        </message>
        <message>
            <source>A catalog on the web takes the item only: choose where its files go.</source>
            <translation>网络上的目录只接收条目：请选择其文件存放的位置。</translation>
        </message>
        <message>
            <source>A cell counts where its centre lies in the zone.</source>
            <translation>像元中心落在分区内才计入。</translation>
        </message>
        <message>
            <source>A cell is built up from this share on (0–1)</source>
            <translation>像元的建成区比例达到此值即为建成区（0–1）</translation>
        </message>
        <message>
            <source>A change of land cover needs maps of at least two dates; choose one raster per date, or one raster with a band per date.</source>
            <translation>土地覆盖变化至少需要两个时相的图；请每个时相选择一个栅格，或选择一个每个时相一个波段的栅格。</translation>
        </message>
        <message>
            <source>A check has failed: go back and correct it.</source>
            <translation>有一项检查未通过：请返回并更正。</translation>
        </message>
        <message>
            <source>A folder, as a catalog of files</source>
            <translation>文件夹，作为由文件组成的目录</translation>
        </message>
        <message>
            <source>A folder, or a connection to a STAC API, an OGC API-Records or a CSW that is marked as writable.</source>
            <translation>文件夹，或标记为可写的 STAC API、OGC API-Records 或 CSW 连接。</translation>
        </message>
        <message>
            <source>A link of the item has no address.</source>
            <translation>该条目有一个链接没有地址。</translation>
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
            <source>A service of maps: its list of layers is searched here.</source>
            <translation>地图服务：在本机搜索其图层列表。</translation>
        </message>
        <message>
            <source>A value of the connection is no text.</source>
            <translation>连接中有一个值不是文本。</translation>
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
            <source>Actions</source>
            <translation>操作</translation>
        </message>
        <message>
            <source>Add SDGSAT-1 archives to My data</source>
            <translation>将 SDGSAT-1 压缩包添加到“我的数据”</translation>
        </message>
        <message>
            <source>Add a file, or a layer of the map.</source>
            <translation>请添加文件，或地图的图层。</translation>
        </message>
        <message>
            <source>Add a property</source>
            <translation>添加属性</translation>
        </message>
        <message>
            <source>Add as mosaic</source>
            <translation>添加为镶嵌图层</translation>
        </message>
        <message>
            <source>Add assets as bands of one layer</source>
            <translation>将资产添加为一个图层的各波段</translation>
        </message>
        <message>
            <source>Add files…</source>
            <translation>添加文件…</translation>
        </message>
        <message>
            <source>Add layer</source>
            <translation>添加图层</translation>
        </message>
        <message>
            <source>Add rasters to My data</source>
            <translation>将栅格添加到“我的数据”</translation>
        </message>
        <message>
            <source>Add to map</source>
            <translation>添加到地图</translation>
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
            <source>Adding files to My data</source>
            <translation>正在将文件添加到“我的数据”</translation>
        </message>
        <message>
            <source>Address</source>
            <translation>地址</translation>
        </message>
        <message>
            <source>Address of a Dask scheduler (empty: this machine alone)</source>
            <translation>Dask 调度器的地址（空：仅使用本机）</translation>
        </message>
        <message>
            <source>Address of the data</source>
            <translation>数据的地址</translation>
        </message>
        <message>
            <source>Address of the folder</source>
            <translation>文件夹的地址</translation>
        </message>
        <message>
            <source>Address of the item</source>
            <translation>条目的地址</translation>
        </message>
        <message>
            <source>Address of the licence's terms</source>
            <translation>许可条款的地址</translation>
        </message>
        <message>
            <source>Address of the preview</source>
            <translation>预览图的地址</translation>
        </message>
        <message>
            <source>Address or folder</source>
            <translation>地址或文件夹</translation>
        </message>
        <message>
            <source>Address under which others see that folder</source>
            <translation>他人访问该文件夹的地址</translation>
        </message>
        <message>
            <source>Addresses of the kind “{scheme}:” cannot be opened here.</source>
            <translation>此处不能打开“{scheme}:”类型的地址。</translation>
        </message>
        <message>
            <source>Add…</source>
            <translation>添加…</translation>
        </message>
        <message>
            <source>Aggregates of LCRPGR. PGR_NEAR_ZERO cities are left out of median, quartiles and trimmed mean; the weights are the populations at the end.</source>
            <translation>LCRPGR 的汇总值。带 PGR_NEAR_ZERO 标记的城市不计入中位数、四分位数和截尾均值；权重为期末人口。</translation>
        </message>
        <message>
            <source>All</source>
            <translation>合计</translation>
        </message>
        <message>
            <source>All ({count})</source>
            <translation>全部 {count} 个</translation>
        </message>
        <message>
            <source>All area (km²)</source>
            <translation>全部面积（km²）</translation>
        </message>
        <message>
            <source>All cities</source>
            <translation>全部城市</translation>
        </message>
        <message>
            <source>All classes</source>
            <translation>全部类别</translation>
        </message>
        <message>
            <source>All collections</source>
            <translation>全部集合</translation>
        </message>
        <message>
            <source>All data</source>
            <translation>全部数据</translation>
        </message>
        <message>
            <source>All files</source>
            <translation>全部文件</translation>
        </message>
        <message>
            <source>All files are as they were.</source>
            <translation>所有文件均保持原样。</translation>
        </message>
        <message>
            <source>All lit cells</source>
            <translation>全部有灯光像元</translation>
        </message>
        <message>
            <source>All new patches</source>
            <translation>全部新斑块</translation>
        </message>
        <message>
            <source>All of it is in My data already: {count}.</source>
            <translation>全部已在“我的数据”中：{count} 个。</translation>
        </message>
        <message>
            <source>All themes</source>
            <translation>全部主题</translation>
        </message>
        <message>
            <source>All zones</source>
            <translation>全部分区</translation>
        </message>
        <message>
            <source>Amount per cell</source>
            <translation>每像元的数量</translation>
        </message>
        <message>
            <source>An item “{name}” is there already. Share a new version of it, write over it, or choose another id.</source>
            <translation>已有名为“{name}”的条目。请作为新版本共享，将其覆盖，或选择其他标识。</translation>
        </message>
        <message>
            <source>Annual NDVI</source>
            <translation>年度 NDVI</translation>
        </message>
        <message>
            <source>Annual NDVI, one raster or band per year</source>
            <translation>年度 NDVI，每年一个栅格或波段</translation>
        </message>
        <message>
            <source>Annual SPI (or SPEI), one raster or band per year</source>
            <translation>年度 SPI（或 SPEI），每年一个栅格或波段</translation>
        </message>
        <message>
            <source>Annual rain or evapotranspiration (for restrend and ue), mm</source>
            <translation>年降水量或年蒸散量（用于 restrend 和 ue），mm</translation>
        </message>
        <message>
            <source>Annual vegetation index</source>
            <translation>年度植被指数</translation>
        </message>
        <message>
            <source>Annual vegetation index (SDG 15.3.1)</source>
            <translation>年度植被指数（SDG 15.3.1）</translation>
        </message>
        <message>
            <source>Annual vegetation index, one raster or band per year</source>
            <translation>年度植被指数，每年一个栅格或波段</translation>
        </message>
        <message>
            <source>Another QGIS with this user profile fetches these files. They are shown as it goes on; this one takes over when the other is closed.</source>
            <translation>使用此用户配置的另一个 QGIS 正在下载这些文件，此处显示其进度；该 QGIS 关闭后由本窗口接手。</translation>
        </message>
        <message>
            <source>Answer: {value}</source>
            <translation>响应：{value}</translation>
        </message>
        <message>
            <source>Any time</source>
            <translation>任何时间</translation>
        </message>
        <message>
            <source>Anywhere</source>
            <translation>任何位置</translation>
        </message>
        <message>
            <source>Archives</source>
            <translation>压缩包</translation>
        </message>
        <message>
            <source>Area</source>
            <translation>区域</translation>
        </message>
        <message>
            <source>Area (km²)</source>
            <translation>面积（km²）</translation>
        </message>
        <message>
            <source>Area and people by drought class (table)</source>
            <translation>各干旱等级的面积和人口（表）</translation>
        </message>
        <message>
            <source>Area by class before (rows) and after (columns); the diagonal did not change.</source>
            <translation>变化前（行）与变化后（列）各类别的面积；对角线为未变化的面积。</translation>
        </message>
        <message>
            <source>Area of a cell</source>
            <translation>像元面积</translation>
        </message>
        <message>
            <source>Area of each class by year.</source>
            <translation>各类别的逐年面积。</translation>
        </message>
        <message>
            <source>Area of each class in each map of the series.</source>
            <translation>序列中每张图各类别的面积。</translation>
        </message>
        <message>
            <source>Area that changed its class, left before and right after, in the colour of what the change means. Area that kept its class and the smallest flows are left out.</source>
            <translation>类别发生变化的面积，左侧为变化前，右侧为变化后，颜色表示变化的含义。类别未变的面积和最小的流向未绘出。</translation>
        </message>
        <message>
            <source>Area with data</source>
            <translation>有数据的面积</translation>
        </message>
        <message>
            <source>Area with data (km²)</source>
            <translation>有数据的面积（km²）</translation>
        </message>
        <message>
            <source>Area without a result (km²)</source>
            <translation>没有结果的面积（km²）</translation>
        </message>
        <message>
            <source>Area without a value of the indicator, by what is missing.</source>
            <translation>指标没有值的面积，按缺少的内容统计。</translation>
        </message>
        <message>
            <source>Area without data (km²)</source>
            <translation>无数据的面积（km²）</translation>
        </message>
        <message>
            <source>Area, km²</source>
            <translation>面积，km²</translation>
        </message>
        <message>
            <source>Areas by class and date</source>
            <translation>各时相各类别面积</translation>
        </message>
        <message>
            <source>Areas by class in baseline and period (table)</source>
            <translation>按基线和报告期类别统计的面积（表）</translation>
        </message>
        <message>
            <source>Areas by class of the sub-indicators.</source>
            <translation>各子指标各类别的面积。</translation>
        </message>
        <message>
            <source>Areas by class: degraded, stable, improved and no data are land, inland water stands apart. The last row is all zones together.</source>
            <translation>各类别面积：退化、稳定、改善和无数据属于土地，内陆水体单列。最后一行为全部分区合计。</translation>
        </message>
        <message>
            <source>Areas by land cover class.</source>
            <translation>各土地覆盖类别的面积。</translation>
        </message>
        <message>
            <source>Areas by year</source>
            <translation>逐年面积</translation>
        </message>
        <message>
            <source>Areas of the land cover classes at both ends.</source>
            <translation>期初和期末各土地覆盖类别的面积。</translation>
        </message>
        <message>
            <source>Artificial surfaces</source>
            <translation>人造地表</translation>
        </message>
        <message>
            <source>As found</source>
            <translation>按找到的顺序</translation>
        </message>
        <message>
            <source>Asking for collections</source>
            <translation>正在查询集合</translation>
        </message>
        <message>
            <source>Asking the catalog…</source>
            <translation>正在查询目录…</translation>
        </message>
        <message>
            <source>Asking {name}</source>
            <translation>正在查询 {name}</translation>
        </message>
        <message>
            <source>Asking {name}… {count} collections</source>
            <translation>正在查询 {name}… {count} 个集合</translation>
        </message>
        <message>
            <source>Asking…</source>
            <translation>正在查询…</translation>
        </message>
        <message>
            <source>Asset</source>
            <translation>资产</translation>
        </message>
        <message>
            <source>Assets</source>
            <translation>资产</translation>
        </message>
        <message>
            <source>Assets: keys or roles, with commas between them</source>
            <translation>资产：键或角色，用逗号分隔</translation>
        </message>
        <message>
            <source>At least two epochs are needed; {count} year was given.</source>
            <translation>至少需要两个时相，但只给出了 {count} 个年份。</translation>
        </message>
        <message>
            <source>Average night light (ANTL)</source>
            <translation>夜间灯光平均值（ANTL）</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>上一步</translation>
        </message>
        <message>
            <source>Background surface in squares of {count} cells; at most above the background: {most}</source>
            <translation>背景曲面由边长为 {count} 个像元的方格得到；最多高出背景：{most}</translation>
        </message>
        <message>
            <source>Balance (%)</source>
            <translation>平衡（%）</translation>
        </message>
        <message>
            <source>Balance (km²)</source>
            <translation>平衡（km²）</translation>
        </message>
        <message>
            <source>Balance of each cell's land type (0.01 % of its land)</source>
            <translation>各像元所属土地类型的平衡（其土地的 0.01 %）</translation>
        </message>
        <message>
            <source>Balance, last period (-1, 0, 1)</source>
            <translation>最后一期平衡（-1、0、1）</translation>
        </message>
        <message>
            <source>Band</source>
            <translation>波段</translation>
        </message>
        <message>
            <source>Band of land degradation, where it is not the first</source>
            <translation>土地退化所在的波段（不是第一波段时）</translation>
        </message>
        <message>
            <source>Band of the light before, where it is not the first</source>
            <translation>前期灯光的波段（不是第一波段时）</translation>
        </message>
        <message>
            <source>Band of the light, where bands are not dates</source>
            <translation>灯光所在的波段（波段不代表日期时）</translation>
        </message>
        <message>
            <source>Band {band}: background {background}, median {median}</source>
            <translation>波段 {band}：背景 {background}，中位数 {median}</translation>
        </message>
        <message>
            <source>Band {band}: {percent} % of the cells are darker than the most frequent value. Is there dark ground in the raster? Light that is no brighter than that value counts as dark.</source>
            <translation>波段 {band}：{percent} % 的像元暗于出现最多的值。栅格中有暗地面吗？不比该值亮的灯光会算作暗。</translation>
        </message>
        <message>
            <source>Band, where it is not the first</source>
            <translation>波段（不是第一波段时）</translation>
        </message>
        <message>
            <source>Bands hold</source>
            <translation>波段的内容</translation>
        </message>
        <message>
            <source>Bands of the light after, where it is not the first</source>
            <translation>后期灯光的波段（不是第一波段时）</translation>
        </message>
        <message>
            <source>Bar of the shares of the classes; the figures stand below.</source>
            <translation>各类别占比条形图；数字见下方。</translation>
        </message>
        <message>
            <source>Bars of the areas of land cover classes; the table has the values.</source>
            <translation>各土地覆盖类别面积条形图；数值见表。</translation>
        </message>
        <message>
            <source>Bars of the classes of the sub-indicators; the table has the values.</source>
            <translation>各子指标类别条形图；数值见表。</translation>
        </message>
        <message>
            <source>Bars of the shares of the classes by zone; the table has the values.</source>
            <translation>各分区各类别占比条形图；数值见表。</translation>
        </message>
        <message>
            <source>Baseline (-1, 0, 1, or LPD 1–5)</source>
            <translation>基线（-1、0、1，或 LPD 1–5）</translation>
        </message>
        <message>
            <source>Baseline degradation</source>
            <translation>基线退化</translation>
        </message>
        <message>
            <source>Baseline improvement</source>
            <translation>基线改善</translation>
        </message>
        <message>
            <source>Baseline of usual light, three scenes or more</source>
            <translation>常态灯光基线，至少三景</translation>
        </message>
        <message>
            <source>Baseline {first}–{last}</source>
            <translation>基线 {first}–{last}</translation>
        </message>
        <message>
            <source>Baseline: land cover change</source>
            <translation>基线：土地覆盖变化</translation>
        </message>
        <message>
            <source>Baseline: land degradation</source>
            <translation>基线：土地退化</translation>
        </message>
        <message>
            <source>Baseline: land productivity dynamics</source>
            <translation>基线：土地生产力动态</translation>
        </message>
        <message>
            <source>Baseline: soil organic carbon</source>
            <translation>基线：土壤有机碳</translation>
        </message>
        <message>
            <source>Begin</source>
            <translation>开始</translation>
        </message>
        <message>
            <source>Begins</source>
            <translation>开始于</translation>
        </message>
        <message>
            <source>Below the background in a band</source>
            <translation>某波段低于背景</translation>
        </message>
        <message>
            <source>Below the median of a band</source>
            <translation>某波段低于中位数</translation>
        </message>
        <message>
            <source>Beside the item</source>
            <translation>放在条目旁边</translation>
        </message>
        <message>
            <source>Bias</source>
            <translation>偏置</translation>
        </message>
        <message>
            <source>Blue light, of the light of lit cells (%)</source>
            <translation>蓝光在有灯光像元灯光中的占比（%）</translation>
        </message>
        <message>
            <source>Blue, of this light (%)</source>
            <translation>蓝光在此灯光中的占比（%）</translation>
        </message>
        <message>
            <source>Blue, where colours are rasters of their own</source>
            <translation>蓝波段（各颜色为单独栅格时）</translation>
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
            <source>Box drawn on the map</source>
            <translation>在地图上绘制的矩形</translation>
        </message>
        <message>
            <source>Brightened</source>
            <translation>变亮</translation>
        </message>
        <message>
            <source>Brightened (cells)</source>
            <translation>变亮（像元数）</translation>
        </message>
        <message>
            <source>Brightened (km²)</source>
            <translation>变亮（km²）</translation>
        </message>
        <message>
            <source>Brighter than the surroundings by this (contrast)</source>
            <translation>比周围更亮的幅度（contrast）</translation>
        </message>
        <message>
            <source>Brightest light as a percentile of lit cells</source>
            <translation>最亮值：有灯光像元数值的百分位数</translation>
        </message>
        <message>
            <source>Brightest light for normalising, the percentile asked for: {value}.</source>
            <translation>归一化所用的最亮值（按所选百分位数）：{value}。</translation>
        </message>
        <message>
            <source>Brightness temperature (TIS)</source>
            <translation>亮度温度（TIS）</translation>
        </message>
        <message>
            <source>Brightness temperature is for rasters of the thermal imager (TIS) with the bands {bands}. Leave this output out, or choose the sensor TIS.</source>
            <translation>亮度温度用于热红外成像仪（TIS）的栅格，波段为 {bands}。请不要选择此输出，或选择传感器 TIS。</translation>
        </message>
        <message>
            <source>Bring back the plugin's own connections? What you changed in them is lost; your own connections stay.</source>
            <translation>要恢复插件自带的连接吗？您对它们所做的修改将会丢失；您自己的连接保持不变。</translation>
        </message>
        <message>
            <source>Built-up area</source>
            <translation>建成区面积</translation>
        </message>
        <message>
            <source>Built-up area (km²)</source>
            <translation>建成区面积（km²）</translation>
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
            <source>Built-up area in each cell</source>
            <translation>每个像元的建成区面积</translation>
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
            <source>Built-up rasters, one per date</source>
            <translation>建成区栅格，每个时相一个</translation>
        </message>
        <message>
            <source>Built-up rasters, one per epoch</source>
            <translation>建成区栅格，每个时相一个</translation>
        </message>
        <message>
            <source>Built-up share of the area (0–1)</source>
            <translation>建成区占面积的比例（0–1）</translation>
        </message>
        <message>
            <source>Built-up threshold (percent of the land; auto; off)</source>
            <translation>建成区阈值（占陆地的百分比；auto；off）</translation>
        </message>
        <message>
            <source>Built-up threshold found in these rasters: {percent} %. It is meant to be found in the whole world; in 2020 that is 20 %.</source>
            <translation>由这些栅格求得的建成区阈值：{percent} %。该方法针对全球数据；2020 年全球求得的值为 20 %。</translation>
        </message>
        <message>
            <source>Built-up threshold used (%)</source>
            <translation>所用的建成区阈值（%）</translation>
        </message>
        <message>
            <source>Built-up, km²</source>
            <translation>建成区，km²</translation>
        </message>
        <message>
            <source>By catalog</source>
            <translation>按目录</translation>
        </message>
        <message>
            <source>By collection</source>
            <translation>按集合</translation>
        </message>
        <message>
            <source>By date</source>
            <translation>按日期</translation>
        </message>
        <message>
            <source>By threshold</source>
            <translation>按阈值</translation>
        </message>
        <message>
            <source>By zone</source>
            <translation>按分区</translation>
        </message>
        <message>
            <source>CASEarth (experimental)</source>
            <translation>CASEarth（实验性）</translation>
        </message>
        <message>
            <source>CNLI = mean light of the lit cells over full light × lit share of the area. Full light is the same for all zones of a date.</source>
            <translation>CNLI = 有灯光像元的平均灯光除以满亮度 × 亮区面积占比。同一日期所有分区的满亮度相同。</translation>
        </message>
        <message>
            <source>CNLI with the largest light</source>
            <translation>以最大灯光为满亮度的 CNLI</translation>
        </message>
        <message>
            <source>CRS</source>
            <translation>坐标参照系</translation>
        </message>
        <message>
            <source>CRS: {crs}. Extent: {box}.</source>
            <translation>坐标参照系：{crs}。范围：{box}。</translation>
        </message>
        <message>
            <source>CSW</source>
            <translation>CSW</translation>
        </message>
        <message>
            <source>Calibrate night light</source>
            <translation>夜间灯光定标</translation>
        </message>
        <message>
            <source>Can filter by area and date: no, the list of files tells none</source>
            <translation>按范围和日期筛选：不支持，文件列表中没有这些信息</translation>
        </message>
        <message>
            <source>Can filter by property: no, this is done here</source>
            <translation>按属性筛选：不支持，在本机进行</translation>
        </message>
        <message>
            <source>Can filter by property: yes</source>
            <translation>按属性筛选：支持</translation>
        </message>
        <message>
            <source>Can publish: no</source>
            <translation>发布：不支持</translation>
        </message>
        <message>
            <source>Can publish: yes</source>
            <translation>发布：支持</translation>
        </message>
        <message>
            <source>Can search for words: no, this is done here</source>
            <translation>按词语搜索：不支持，在本机进行</translation>
        </message>
        <message>
            <source>Can search for words: yes</source>
            <translation>按词语搜索：支持</translation>
        </message>
        <message>
            <source>Can sort: no, this is done here</source>
            <translation>排序：不支持，在本机进行</translation>
        </message>
        <message>
            <source>Can sort: yes</source>
            <translation>排序：支持</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>取消</translation>
        </message>
        <message>
            <source>Cancel all</source>
            <translation>全部取消</translation>
        </message>
        <message>
            <source>Cancel transfers</source>
            <translation>取消传输</translation>
        </message>
        <message>
            <source>Cancelled</source>
            <translation>已取消</translation>
        </message>
        <message>
            <source>Cancelled.</source>
            <translation>已取消。</translation>
        </message>
        <message>
            <source>Captured open land</source>
            <translation>围合开放用地</translation>
        </message>
        <message>
            <source>Captured open water</source>
            <translation>围合开放水面</translation>
        </message>
        <message>
            <source>Carbon (t)</source>
            <translation>碳（t）</translation>
        </message>
        <message>
            <source>Carbon degraded, km²</source>
            <translation>碳退化，km²</translation>
        </message>
        <message>
            <source>Carbon stocks by class and year (table)</source>
            <translation>各年各类别碳储量（表）</translation>
        </message>
        <message>
            <source>Cards</source>
            <translation>卡片</translation>
        </message>
        <message>
            <source>Catalog</source>
            <translation>目录</translation>
        </message>
        <message>
            <source>Catalog connection</source>
            <translation>目录连接</translation>
        </message>
        <message>
            <source>Catalog connections</source>
            <translation>目录连接</translation>
        </message>
        <message>
            <source>Catalog connections (*.json)</source>
            <translation>目录连接 (*.json)</translation>
        </message>
        <message>
            <source>Catalog connections…</source>
            <translation>目录连接…</translation>
        </message>
        <message>
            <source>Catalog: name of a connection, an address, or a folder</source>
            <translation>目录：连接的名称、地址或文件夹</translation>
        </message>
        <message>
            <source>Catalogs of the kinds CSW, WMS and WMTS need the Python library {name}, which this QGIS does not have. Install it, then restart QGIS.</source>
            <translation>CSW、WMS 和 WMTS 类型的目录需要 Python 库 {name}，但此 QGIS 中没有。请安装它，然后重新启动 QGIS。</translation>
        </message>
        <message>
            <source>Catalogs that are searched, together</source>
            <translation>一起搜索的目录</translation>
        </message>
        <message>
            <source>Cause</source>
            <translation>原因</translation>
        </message>
        <message>
            <source>Cell size</source>
            <translation>像元大小</translation>
        </message>
        <message>
            <source>Cell size (m)</source>
            <translation>像元大小（m）</translation>
        </message>
        <message>
            <source>Cells</source>
            <translation>像元数</translation>
        </message>
        <message>
            <source>Cells and areas by class and by what is missing (table)</source>
            <translation>按类别和缺少内容统计的像元数与面积（表）</translation>
        </message>
        <message>
            <source>Cells are put in order from dark to bright; the curve is the share of all light that the darkest of them hold. The further it hangs below the line of equal light, the larger the Gini coefficient. Negative light counts as none.</source>
            <translation>像元由暗到亮排列；曲线为其中最暗的那部分所占的灯光比例。曲线低于均等线越多，基尼系数越大。负值视为无灯光。</translation>
        </message>
        <message>
            <source>Cells are weighed by</source>
            <translation>像元的权重</translation>
        </message>
        <message>
            <source>Cells around panchromatic light that may be lit</source>
            <translation>全色灯光周围可以有灯光的像元数</translation>
        </message>
        <message>
            <source>Cells cannot be lit from {value} on: the threshold must be above 0. Leave it empty to have it found.</source>
            <translation>有灯光的起始值不能是 {value}：阈值必须大于 0。留空则自动求得。</translation>
        </message>
        <message>
            <source>Cells degraded: {degraded}, stable: {stable}, improved: {improved}; without data: {empty}</source>
            <translation>退化像元：{degraded}，稳定：{stable}，改善：{improved}；无数据：{empty}</translation>
        </message>
        <message>
            <source>Cells of a group of lit cells below which it is noise (0: none)</source>
            <translation>有灯光像元组成的斑块小于此像元数时视为噪声（0：不处理）</translation>
        </message>
        <message>
            <source>Cells that belong to a city</source>
            <translation>属于城市的像元</translation>
        </message>
        <message>
            <source>Cells that belong to a unit</source>
            <translation>属于单元的像元</translation>
        </message>
        <message>
            <source>Cells with data</source>
            <translation>有数据的像元数</translation>
        </message>
        <message>
            <source>Cells with data in some bands only, written as no data: {count}</source>
            <translation>只在部分波段有数据、写为无数据的像元：{count}</translation>
        </message>
        <message>
            <source>Cells with data on {dates} of {all} dates: {cells}</source>
            <translation>{all} 个日期中有 {dates} 个有数据的像元：{cells} 个</translation>
        </message>
        <message>
            <source>Cells with degraded productivity</source>
            <translation>生产力退化的像元数</translation>
        </message>
        <message>
            <source>Cells with improved productivity</source>
            <translation>生产力改善的像元数</translation>
        </message>
        <message>
            <source>Cells with stable productivity</source>
            <translation>生产力稳定的像元数</translation>
        </message>
        <message>
            <source>Cells without data</source>
            <translation>无数据的像元数</translation>
        </message>
        <message>
            <source>Cells without data on all dates</source>
            <translation>在所有日期都没有数据的像元数</translation>
        </message>
        <message>
            <source>Change by zone</source>
            <translation>各分区变化</translation>
        </message>
        <message>
            <source>Change by zone (table)</source>
            <translation>各分区变化（表）</translation>
        </message>
        <message>
            <source>Change from this share of the light before on</source>
            <translation>计为变化的最小比例（占前期灯光）</translation>
        </message>
        <message>
            <source>Change of built-up area</source>
            <translation>建成区面积变化</translation>
        </message>
        <message>
            <source>Change of land cover</source>
            <translation>土地覆盖变化</translation>
        </message>
        <message>
            <source>Change of land per person</source>
            <translation>人均土地变化</translation>
        </message>
        <message>
            <source>Change of lit cells' light (%)</source>
            <translation>有灯光像元的灯光变化（%）</translation>
        </message>
        <message>
            <source>Change of soil organic carbon (-1, 0, 1)</source>
            <translation>土壤有机碳变化（-1、0、1）</translation>
        </message>
        <message>
            <source>Change of the index that counts as none (empty: the convention's)</source>
            <translation>视为没有变化的指数之差（空：按约定）</translation>
        </message>
        <message>
            <source>Change that counts as degraded or improved (percent)</source>
            <translation>视为退化或改善的变化（百分比）</translation>
        </message>
        <message>
            <source>Change, %</source>
            <translation>变化，%</translation>
        </message>
        <message>
            <source>Changes between classes</source>
            <translation>类别之间的变化</translation>
        </message>
        <message>
            <source>Changes with another meaning, by class</source>
            <translation>含义不同的变化（按类别）</translation>
        </message>
        <message>
            <source>Chart of the ratio of totals, means, median and quartiles of LCRPGR by group; the table below has the values.</source>
            <translation>各分组 LCRPGR 的总量之比、均值、中位数和四分位数图；数值见下表。</translation>
        </message>
        <message>
            <source>Check</source>
            <translation>检查</translation>
        </message>
        <message>
            <source>Check only, share nothing</source>
            <translation>仅检查，不共享</translation>
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
            <source>Checking a file</source>
            <translation>正在检查文件</translation>
        </message>
        <message>
            <source>Checking the files…</source>
            <translation>正在检查文件…</translation>
        </message>
        <message>
            <source>Checking what is to be shared</source>
            <translation>正在检查要共享的内容</translation>
        </message>
        <message>
            <source>Checks</source>
            <translation>检查</translation>
        </message>
        <message>
            <source>Checksum</source>
            <translation>校验和</translation>
        </message>
        <message>
            <source>Choose a catalog, or a folder, to share to.</source>
            <translation>请选择要共享到的目录或文件夹。</translation>
        </message>
        <message>
            <source>Choose a folder of this computer</source>
            <translation>选择本机的文件夹</translation>
        </message>
        <message>
            <source>Choose a preset: there is no usual one, because the public sets of coefficients disagree. The presets are {names}.</source>
            <translation>请选择一套预设系数：公开的各套系数互相矛盾，因此没有默认的一套。可选：{names}。</translation>
        </message>
        <message>
            <source>Choose at least one catalog to search.</source>
            <translation>请至少选择一个要搜索的目录。</translation>
        </message>
        <message>
            <source>Choose at least one raster to share: it tells where the data lie.</source>
            <translation>请至少选择一个要共享的栅格：由它得知数据所在的位置。</translation>
        </message>
        <message>
            <source>Choose at least one raster to write: {names}.</source>
            <translation>请至少选择一个要写出的栅格：{names}。</translation>
        </message>
        <message>
            <source>Choose catalogs</source>
            <translation>选择目录</translation>
        </message>
        <message>
            <source>Choose data for {title}</source>
            <translation>为“{title}”选择数据</translation>
        </message>
        <message>
            <source>Choose one raster in colour, or one raster for each of red, green and blue; not both.</source>
            <translation>请选择一个彩色栅格，或红、绿、蓝各一个栅格；不要两者都选。</translation>
        </message>
        <message>
            <source>Choose the exact coverage rule or finer rasters.</source>
            <translation>请选择精确覆盖规则或更精细的栅格。</translation>
        </message>
        <message>
            <source>Choose the folder for the files.</source>
            <translation>请选择存放文件的文件夹。</translation>
        </message>
        <message>
            <source>Choose the folder of the catalog; a new one may be empty.</source>
            <translation>请选择目录的文件夹；新目录的文件夹可以为空。</translation>
        </message>
        <message>
            <source>Choose the licence: who may use the data, and how.</source>
            <translation>请选择许可协议：谁可以怎样使用数据。</translation>
        </message>
        <message>
            <source>Citation</source>
            <translation>引用方式</translation>
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
            <source>Cities: {cities}; towns and semi-dense areas: {towns}; rural areas: {rural}.</source>
            <translation>城市：{cities} 个；城镇和半稠密地区：{towns} 个；乡村：{rural} 个。</translation>
        </message>
        <message>
            <source>City</source>
            <translation>城市</translation>
        </message>
        <message>
            <source>Class</source>
            <translation>类别</translation>
        </message>
        <message>
            <source>Class in the baseline</source>
            <translation>基线类别</translation>
        </message>
        <message>
            <source>Class in the period</source>
            <translation>报告期类别</translation>
        </message>
        <message>
            <source>Class in words</source>
            <translation>类别名称</translation>
        </message>
        <message>
            <source>Class {number}</source>
            <translation>类别 {number}</translation>
        </message>
        <message>
            <source>Class, level 1</source>
            <translation>类别，一级</translation>
        </message>
        <message>
            <source>Class, level 2</source>
            <translation>类别，二级</translation>
        </message>
        <message>
            <source>Classes</source>
            <translation>类别</translation>
        </message>
        <message>
            <source>Classes and the meaning of changes follow the UNCCD's reporting manual (PRAIS4, strategic objective 1), where the parameters do not say otherwise. Areas are true areas on the ellipsoid.</source>
            <translation>除参数另有说明外，类别和变化的含义采用 UNCCD 报告手册（PRAIS4，战略目标 1）的规定。面积为椭球面上的真实面积。</translation>
        </message>
        <message>
            <source>Classes of an own legend</source>
            <translation>自定义图例的类别</translation>
        </message>
        <message>
            <source>Classes of change</source>
            <translation>变化类别</translation>
        </message>
        <message>
            <source>Classes of the urban extent</source>
            <translation>城市范围的类别</translation>
        </message>
        <message>
            <source>Classes of the urban extent, one raster or band per date</source>
            <translation>城市范围的分类，每个时相一个栅格或波段</translation>
        </message>
        <message>
            <source>Classes that make a change</source>
            <translation>视为变化的等级差</translation>
        </message>
        <message>
            <source>Clean night light</source>
            <translation>夜间灯光去噪</translation>
        </message>
        <message>
            <source>Cleaned night light</source>
            <translation>去噪后的夜间灯光</translation>
        </message>
        <message>
            <source>Click point by point on the map; a click with the right button ends it.</source>
            <translation>在地图上逐点单击；单击右键结束。</translation>
        </message>
        <message>
            <source>Climate zones that the table of factors lacks: {zones}. Are these IPCC climate zones?</source>
            <translation>因子表中没有的气候带：{zones}。这些是 IPCC 气候带吗？</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>关闭</translation>
        </message>
        <message>
            <source>Cloud</source>
            <translation>云量</translation>
        </message>
        <message>
            <source>Cloud Optimized GeoTIFF</source>
            <translation>云优化 GeoTIFF</translation>
        </message>
        <message>
            <source>Clouds (%)</source>
            <translation>云量（%）</translation>
        </message>
        <message>
            <source>Clouds at most</source>
            <translation>最大云量</translation>
        </message>
        <message>
            <source>Clouds at most (%)</source>
            <translation>最大云量（%）</translation>
        </message>
        <message>
            <source>Clusters of cells are found with the Python library scipy, which is not installed. Install it (Debian, Ubuntu: python3-scipy; OSGeo4W: python3-scipy).</source>
            <translation>查找像元集群需要 Python 库 scipy，但尚未安装。请安装它（Debian、Ubuntu：python3-scipy；OSGeo4W：python3-scipy）。</translation>
        </message>
        <message>
            <source>Code</source>
            <translation>代码</translation>
        </message>
        <message>
            <source>Codes of an own legend, or changes to the one chosen</source>
            <translation>自定义图例的代码，或对所选图例的修改</translation>
        </message>
        <message>
            <source>Coefficients from</source>
            <translation>系数来源</translation>
        </message>
        <message>
            <source>Coefficients: {source}; unit: {unit}</source>
            <translation>系数：{source}；单位：{unit}</translation>
        </message>
        <message>
            <source>Collection</source>
            <translation>集合</translation>
        </message>
        <message>
            <source>Collections</source>
            <translation>集合</translation>
        </message>
        <message>
            <source>Collections (ids, with commas between them)</source>
            <translation>集合（标识，用逗号分隔）</translation>
        </message>
        <message>
            <source>Collections: all {count}</source>
            <translation>集合：全部 {count} 个</translation>
        </message>
        <message>
            <source>Collections: {chosen} of {count}</source>
            <translation>集合：{count} 个中的 {chosen} 个</translation>
        </message>
        <message>
            <source>Colour indices</source>
            <translation>颜色指数</translation>
        </message>
        <message>
            <source>Colour raster (GIU, 40 m)</source>
            <translation>彩色栅格（GIU，40 m）</translation>
        </message>
        <message>
            <source>Colour raster (red, green, blue)</source>
            <translation>彩色栅格（红、绿、蓝）</translation>
        </message>
        <message>
            <source>Colours of degraded and improved land</source>
            <translation>退化与改善土地的配色</translation>
        </message>
        <message>
            <source>Column</source>
            <translation>列</translation>
        </message>
        <message>
            <source>Column, class</source>
            <translation>列，类别</translation>
        </message>
        <message>
            <source>Complete the data; totals leave the city out of this interval.</source>
            <translation>请补全数据；本时段的总量不含该城市。</translation>
        </message>
        <message>
            <source>Composites by year (table)</source>
            <translation>各年合成影像（表）</translation>
        </message>
        <message>
            <source>Composites of the vegetation index (rasters or their bands)</source>
            <translation>植被指数的合成影像（栅格或其波段）</translation>
        </message>
        <message>
            <source>Compounded night light index (CNLI)</source>
            <translation>复合夜光指数（CNLI）</translation>
        </message>
        <message>
            <source>Computed</source>
            <translation>计算所得</translation>
        </message>
        <message>
            <source>Computed with</source>
            <translation>计算软件</translation>
        </message>
        <message>
            <source>Conditions on properties, such as gsd &lt;= 30; platform = landsat-8</source>
            <translation>属性条件，例如 gsd &lt;= 30; platform = landsat-8</translation>
        </message>
        <message>
            <source>Connection</source>
            <translation>连接</translation>
        </message>
        <message>
            <source>Connection {number} was left out: {words}</source>
            <translation>连接 {number} 未导入：{words}</translation>
        </message>
        <message>
            <source>Connection: {name} ({url})</source>
            <translation>连接：{name}（{url}）</translation>
        </message>
        <message>
            <source>Contact person</source>
            <translation>联系人</translation>
        </message>
        <message>
            <source>Convention</source>
            <translation>约定</translation>
        </message>
        <message>
            <source>Convention {convention}, {count} years from {first} to {last}; index = value / {scale}</source>
            <translation>约定 {convention}，{first} 至 {last} 共 {count} 年；指数 = 值 / {scale}</translation>
        </message>
        <message>
            <source>Convention {convention}, {count} years from {first} to {last}; index = value / {scale}; a slope up to {threshold} per year is no trend</source>
            <translation>约定 {convention}，{first} 至 {last} 共 {count} 年；指数 = 值 / {scale}；斜率每年不超过 {threshold} 时视为无趋势</translation>
        </message>
        <message>
            <source>Cool temperate, dry</source>
            <translation>冷温带，干旱</translation>
        </message>
        <message>
            <source>Cool temperate, moist</source>
            <translation>冷温带，湿润</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>复制</translation>
        </message>
        <message>
            <source>Copy link</source>
            <translation>复制链接</translation>
        </message>
        <message>
            <source>Copy the citation</source>
            <translation>复制引用方式</translation>
        </message>
        <message>
            <source>Correlation of intensity and panchromatic band</source>
            <translation>亮度分量与全色波段的相关系数</translation>
        </message>
        <message>
            <source>Countries or other zones (empty: the whole raster)</source>
            <translation>国家或其他分区（空：整个栅格）</translation>
        </message>
        <message>
            <source>Coverages of a WCS are not opened from here: add the service as a WCS connection in QGIS's browser.</source>
            <translation>WCS 的覆盖数据不能由此打开：请在 QGIS 的浏览器中将该服务添加为 WCS 连接。</translation>
        </message>
        <message>
            <source>Covers</source>
            <translation>覆盖</translation>
        </message>
        <message>
            <source>Created</source>
            <translation>生成时间</translation>
        </message>
        <message>
            <source>Credentials</source>
            <translation>凭据</translation>
        </message>
        <message>
            <source>Credentials (if other than the catalog's)</source>
            <translation>凭据（与目录不同时）</translation>
        </message>
        <message>
            <source>Credentials for files, if others</source>
            <translation>文件的凭据（不同时）</translation>
        </message>
        <message>
            <source>Credentials for the web folder</source>
            <translation>网络文件夹的凭据</translation>
        </message>
        <message>
            <source>Cropland</source>
            <translation>农田</translation>
        </message>
        <message>
            <source>Crosstabs of land degradation</source>
            <translation>土地退化交叉表</translation>
        </message>
        <message>
            <source>Crosstabs, baseline</source>
            <translation>交叉表，基线</translation>
        </message>
        <message>
            <source>Crosstabs, reporting period</source>
            <translation>交叉表，报告期</translation>
        </message>
        <message>
            <source>DBAR / CASEarth</source>
            <translation>DBAR / CASEarth</translation>
        </message>
        <message>
            <source>DBAR SDG Tools {version}, denominator: {denominator}.</source>
            <translation>DBAR SDG Tools {version}，分母：{denominator}。</translation>
        </message>
        <message>
            <source>DBAR SDG Tools {version}, formula {formula}.</source>
            <translation>DBAR SDG Tools {version}，公式 {formula}。</translation>
        </message>
        <message>
            <source>DBAR SDG Tools {version}.</source>
            <translation>DBAR SDG Tools {version}。</translation>
        </message>
        <message>
            <source>DEGURBA,SMOD,GHSL,urban,city,town,rural,urban centre,cluster,settlement,population density,SDG,11.3.1</source>
            <translation>DEGURBA,SMOD,GHSL,SDG,11.3.1,可持续发展目标,城市化程度,城市,城镇,乡村,城市中心,集群,居民地,人口密度</translation>
        </message>
        <message>
            <source>DEGURBA,municipality,unit,city,town,suburb,village,rural,local administrative unit,SDG,11.3.1</source>
            <translation>DEGURBA,SDG,11.3.1,可持续发展目标,城市化程度,市镇,区县,单元,城市,城镇,郊区,村庄,乡村,地方行政单元</translation>
        </message>
        <message>
            <source>DOI</source>
            <translation>DOI</translation>
        </message>
        <message>
            <source>Dark</source>
            <translation>暗</translation>
        </message>
        <message>
            <source>Dark cells in the result</source>
            <translation>结果中的暗像元</translation>
        </message>
        <message>
            <source>Dark on both dates</source>
            <translation>两个日期均无灯光</translation>
        </message>
        <message>
            <source>Dark on both dates (cells)</source>
            <translation>两个日期均无灯光（像元数）</translation>
        </message>
        <message>
            <source>Dark on both dates (km²)</source>
            <translation>两个日期均无灯光（km²）</translation>
        </message>
        <message>
            <source>Dark up to a brightness of {dark}.</source>
            <translation>亮度不超过 {dark} 为暗。</translation>
        </message>
        <message>
            <source>Dark up to this value (empty: background; 0 for fixed)</source>
            <translation>不超过此值为暗（空：背景值；fixed 为 0）</translation>
        </message>
        <message>
            <source>Dark up to {dark}.</source>
            <translation>不超过 {dark} 为暗。</translation>
        </message>
        <message>
            <source>Dark, as before</source>
            <translation>原本就暗</translation>
        </message>
        <message>
            <source>Darken cells below the median of a band</source>
            <translation>低于某波段中位数的像元变暗</translation>
        </message>
        <message>
            <source>Dashed: the same over people, from which the Night Light Development Index comes. It tells how light and people go together, not how rich people are.</source>
            <translation>虚线：按人口计算的同类曲线，夜光发展指数由此得出。它说明灯光与人口如何相伴，而不说明人们有多富裕。</translation>
        </message>
        <message>
            <source>Date</source>
            <translation>日期</translation>
        </message>
        <message>
            <source>Dates</source>
            <translation>日期数</translation>
        </message>
        <message>
            <source>Dates of the trend</source>
            <translation>趋势所用的日期数</translation>
        </message>
        <message>
            <source>Dates, such as 2012,2013 or 2014-01..2014-12 (empty: read from the names)</source>
            <translation>日期，例如 2012,2013 或 2014-01..2014-12（空：从名称读取）</translation>
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
            <source>Degradation by zone, baseline</source>
            <translation>各分区退化，基线</translation>
        </message>
        <message>
            <source>Degradation by zone, reporting period</source>
            <translation>各分区退化，报告期</translation>
        </message>
        <message>
            <source>Degradation status</source>
            <translation>退化状态</translation>
        </message>
        <message>
            <source>Degradation status (SDG 15.3.1)</source>
            <translation>退化状态（SDG 15.3.1）</translation>
        </message>
        <message>
            <source>Degradation table, baseline</source>
            <translation>退化表，基线</translation>
        </message>
        <message>
            <source>Degradation table, reporting period</source>
            <translation>退化表，报告期</translation>
        </message>
        <message>
            <source>Degraded</source>
            <translation>退化</translation>
        </message>
        <message>
            <source>Degraded (% of land)</source>
            <translation>退化（占土地 %）</translation>
        </message>
        <message>
            <source>Degraded (km²)</source>
            <translation>退化（km²）</translation>
        </message>
        <message>
            <source>Degraded although a sub-indicator is missing: {cells} cells, {km2} km²</source>
            <translation>虽缺少子指标仍为退化：{cells} 个像元，{km2} km²</translation>
        </message>
        <message>
            <source>Degraded area (km²)</source>
            <translation>退化面积（km²）</translation>
        </message>
        <message>
            <source>Degraded area as a share of (land: without inland water)</source>
            <translation>退化面积占何者的比例（land：不含内陆水体的土地）</translation>
        </message>
        <message>
            <source>Degraded area, last period (km²)</source>
            <translation>最后一期退化面积（km²）</translation>
        </message>
        <message>
            <source>Degraded by status, change (km²)</source>
            <translation>按状态的退化，变化（km²）</translation>
        </message>
        <message>
            <source>Degraded by status, change (points)</source>
            <translation>按状态的退化，变化（百分点）</translation>
        </message>
        <message>
            <source>Degraded land (km²)</source>
            <translation>退化土地（km²）</translation>
        </message>
        <message>
            <source>Degraded land, all zones together (km²)</source>
            <translation>全部分区合计的退化土地（km²）</translation>
        </message>
        <message>
            <source>Degraded share of land with a result (percent)</source>
            <translation>退化占有结果土地的比例（百分比）</translation>
        </message>
        <message>
            <source>Degraded, %</source>
            <translation>退化，%</translation>
        </message>
        <message>
            <source>Degraded, all zones together (%)</source>
            <translation>全部分区合计的退化比例（%）</translation>
        </message>
        <message>
            <source>Degraded, by the denominator chosen (%)</source>
            <translation>退化，按所选分母（%）</translation>
        </message>
        <message>
            <source>Degraded, of all area, as in Trends.Earth (%)</source>
            <translation>退化，占全部面积，与 Trends.Earth 相同（%）</translation>
        </message>
        <message>
            <source>Degraded, of land with data (%)</source>
            <translation>退化，占有数据的土地（%）</translation>
        </message>
        <message>
            <source>Degraded, of land without inland water (%)</source>
            <translation>退化，占不含内陆水体的土地（%）</translation>
        </message>
        <message>
            <source>Degraded, {denominator}</source>
            <translation>退化，占{denominator}</translation>
        </message>
        <message>
            <source>Degraded: {cells} cells, {km2} km²</source>
            <translation>退化：{cells} 个像元，{km2} km²</translation>
        </message>
        <message>
            <source>Degraded: {percent} % ({area} of {land} km² of land), zones: {count}.</source>
            <translation>退化：{percent} %（{land} km² 土地中的 {area} km²），分区：{count} 个。</translation>
        </message>
        <message>
            <source>Degree of Urbanisation</source>
            <translation>城市化程度</translation>
        </message>
        <message>
            <source>Degree of Urbanisation of cells</source>
            <translation>像元的城市化程度</translation>
        </message>
        <message>
            <source>Degree of Urbanisation of units</source>
            <translation>单元的城市化程度</translation>
        </message>
        <message>
            <source>Delete…</source>
            <translation>删除…</translation>
        </message>
        <message>
            <source>Deleting files of My data</source>
            <translation>正在删除“我的数据”中的文件</translation>
        </message>
        <message>
            <source>Dense town</source>
            <translation>稠密城镇</translation>
        </message>
        <message>
            <source>Dense urban cluster</source>
            <translation>稠密城市集群</translation>
        </message>
        <message>
            <source>Description</source>
            <translation>说明</translation>
        </message>
        <message>
            <source>Details</source>
            <translation>详情</translation>
        </message>
        <message>
            <source>Details…</source>
            <translation>详情…</translation>
        </message>
        <message>
            <source>Development over time</source>
            <translation>随时间的变化</translation>
        </message>
        <message>
            <source>Difference</source>
            <translation>差异</translation>
        </message>
        <message>
            <source>Differs from most others</source>
            <translation>与多数分块不同</translation>
        </message>
        <message>
            <source>Dimmed</source>
            <translation>变暗</translation>
        </message>
        <message>
            <source>Dimmed (cells)</source>
            <translation>变暗（像元数）</translation>
        </message>
        <message>
            <source>Dimmed (km²)</source>
            <translation>变暗（km²）</translation>
        </message>
        <message>
            <source>Dispersed rural area</source>
            <translation>分散的乡村</translation>
        </message>
        <message>
            <source>Distribution among cities</source>
            <translation>城市间的分布</translation>
        </message>
        <message>
            <source>Do not add up such zones.</source>
            <translation>不要把这样的分区相加。</translation>
        </message>
        <message>
            <source>Do not rank by this ratio; use the built-up area per person.</source>
            <translation>不要按此比值排名；请改用人均建成区面积。</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>完成</translation>
        </message>
        <message>
            <source>Down</source>
            <translation>无法访问</translation>
        </message>
        <message>
            <source>Download</source>
            <translation>下载</translation>
        </message>
        <message>
            <source>Download and add to map</source>
            <translation>下载并添加到地图</translation>
        </message>
        <message>
            <source>Download catalog items</source>
            <translation>下载目录条目</translation>
        </message>
        <message>
            <source>Download the part in the search area</source>
            <translation>下载搜索区域内的部分</translation>
        </message>
        <message>
            <source>Download the part that the map shows</source>
            <translation>下载地图显示范围内的部分</translation>
        </message>
        <message>
            <source>Downloaded</source>
            <translation>下载所得</translation>
        </message>
        <message>
            <source>Downloads begun: {count}. They go on in the background.</source>
            <translation>已开始下载 {count} 个文件，在后台继续进行。</translation>
        </message>
        <message>
            <source>Downscale totals by night light</source>
            <translation>按夜间灯光降尺度</translation>
        </message>
        <message>
            <source>Draft of a publication</source>
            <translation>发布草稿</translation>
        </message>
        <message>
            <source>Drafts (*.json)</source>
            <translation>草稿 (*.json)</translation>
        </message>
        <message>
            <source>Drag a box on the map. Esc gives up.</source>
            <translation>在地图上拖出一个矩形。按 Esc 放弃。</translation>
        </message>
        <message>
            <source>Draw it anew</source>
            <translation>重新绘制</translation>
        </message>
        <message>
            <source>Drawn: {drawn} of {total} zones.</source>
            <translation>已绘出：{total} 个分区中的 {drawn} 个。</translation>
        </message>
        <message>
            <source>Drought class (0–4)</source>
            <translation>干旱等级（0–4）</translation>
        </message>
        <message>
            <source>Drought hazard</source>
            <translation>干旱危险性</translation>
        </message>
        <message>
            <source>Drought hazard and exposure</source>
            <translation>干旱危险性与暴露</translation>
        </message>
        <message>
            <source>E-mail of the contact</source>
            <translation>联系人的电子邮箱</translation>
        </message>
        <message>
            <source>E-mail of the contact (it will be public)</source>
            <translation>联系人的电子邮箱（将会公开）</translation>
        </message>
        <message>
            <source>EVI, for indices</source>
            <translation>用于指数的 EVI</translation>
        </message>
        <message>
            <source>Edge expansion (LEI above 0, up to 50)</source>
            <translation>边缘式（LEI 大于 0，不超过 50）</translation>
        </message>
        <message>
            <source>Edit…</source>
            <translation>编辑…</translation>
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
            <source>Electrification by threshold (table)</source>
            <translation>各阈值通电率（表）</translation>
        </message>
        <message>
            <source>Electrification by zone</source>
            <translation>各分区通电率</translation>
        </message>
        <message>
            <source>Electrification by zone (table)</source>
            <translation>各分区通电率（表）</translation>
        </message>
        <message>
            <source>Electrification from night light (SDG 7.1.1)</source>
            <translation>由夜间灯光估算通电率（SDG 7.1.1）</translation>
        </message>
        <message>
            <source>Electrified</source>
            <translation>通电</translation>
        </message>
        <message>
            <source>Electrified cells</source>
            <translation>通电像元</translation>
        </message>
        <message>
            <source>Elvidge, C. D., Baugh, K. E., Anderson, S. J., Sutton, P. C., Ghosh, T. (2012): The Night Light Development Index (NLDI). Social Geography 7, 23–35.</source>
            <translation>Elvidge, C. D., Baugh, K. E., Anderson, S. J., Sutton, P. C., Ghosh, T. (2012): The Night Light Development Index (NLDI). Social Geography 7, 23–35.</translation>
        </message>
        <message>
            <source>Enclosed open land is captured up to (ha)</source>
            <translation>被围合的开放用地，面积不超过（ha）</translation>
        </message>
        <message>
            <source>End</source>
            <translation>结束</translation>
        </message>
        <message>
            <source>Ends before</source>
            <translation>结束于此日之前</translation>
        </message>
        <message>
            <source>Equal-area CRS of the 1 km grid</source>
            <translation>1 km 格网的等面积坐标参照系</translation>
        </message>
        <message>
            <source>Error polygon {name}: {field} holds “{value}”, no whole number.</source>
            <translation>误差多边形 {name}：{field} 的值“{value}”不是整数。</translation>
        </message>
        <message>
            <source>Error polygon {name}: {field} is {value}, but must be one of {options}, or empty where the class stays.</source>
            <translation>误差多边形 {name}：{field} 为 {value}，但必须是 {options} 之一，或在类别不变时留空。</translation>
        </message>
        <message>
            <source>Error polygons: where the indicator is wrong, and what holds</source>
            <translation>误差多边形：指标有误之处及其应有的类别</translation>
        </message>
        <message>
            <source>Experimental: CASEarth does not document how programs reach its files, so that this may stop working at any time. Then open the page of the data set in a browser.</source>
            <translation>实验性功能：CASEarth 没有公开程序访问其文件的方式，此功能随时可能失效。届时请在浏览器中打开该数据集的网页。</translation>
        </message>
        <message>
            <source>Exponent of the light</source>
            <translation>灯光的指数</translation>
        </message>
        <message>
            <source>Export connections</source>
            <translation>导出连接</translation>
        </message>
        <message>
            <source>Export…</source>
            <translation>导出…</translation>
        </message>
        <message>
            <source>Extension</source>
            <translation>外延</translation>
        </message>
        <message>
            <source>Extension (km²)</source>
            <translation>外延（km²）</translation>
        </message>
        <message>
            <source>Extent of a layer</source>
            <translation>图层的范围</translation>
        </message>
        <message>
            <source>Extreme drought</source>
            <translation>特旱</translation>
        </message>
        <message>
            <source>Factor f for all, or where there is no climate zone</source>
            <translation>因子 f，用于全部，或用于没有气候带之处</translation>
        </message>
        <message>
            <source>Factor f of each climate zone (0: none)</source>
            <translation>各气候带的因子 f（0：无）</translation>
        </message>
        <message>
            <source>Failed</source>
            <translation>失败</translation>
        </message>
        <message>
            <source>Feature {number} is not a polygon (WKB type {kind}).</source>
            <translation>要素 {number} 不是面（WKB 类型 {kind}）。</translation>
        </message>
        <message>
            <source>Fetch earlier</source>
            <translation>提前下载</translation>
        </message>
        <message>
            <source>Fetch later</source>
            <translation>推后下载</translation>
        </message>
        <message>
            <source>Fetching</source>
            <translation>正在下载</translation>
        </message>
        <message>
            <source>Fetching a part of rasters</source>
            <translation>正在下载栅格的局部</translation>
        </message>
        <message>
            <source>Fetching a preview</source>
            <translation>正在下载预览图</translation>
        </message>
        <message>
            <source>Fewest dates for a trend</source>
            <translation>计算趋势的最少日期数</translation>
        </message>
        <message>
            <source>Fewest dates with data</source>
            <translation>有数据的最少日期数</translation>
        </message>
        <message>
            <source>Field that is 1 with electricity, 0 without (midpoint)</source>
            <translation>有电为 1、无电为 0 的字段（midpoint）</translation>
        </message>
        <message>
            <source>Field that says which of several names to take (population)</source>
            <translation>有多个名称时据以选取的字段（人口）</translation>
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
            <source>Field with the name</source>
            <translation>名称字段</translation>
        </message>
        <message>
            <source>Field with the total to be spread</source>
            <translation>要分配的总量字段</translation>
        </message>
        <message>
            <source>Field with the unit of a polygon (empty: each is one)</source>
            <translation>多边形所属单元的字段（空：每个多边形自成一个单元）</translation>
        </message>
        <message>
            <source>Field with the unit's name</source>
            <translation>单元名称字段</translation>
        </message>
        <message>
            <source>Field with the zone's known area in km² (local_optimum)</source>
            <translation>分区已知面积字段，单位 km²（local_optimum）</translation>
        </message>
        <message>
            <source>Field with the zone's name</source>
            <translation>分区名称字段</translation>
        </message>
        <message>
            <source>File</source>
            <translation>文件</translation>
        </message>
        <message>
            <source>Files</source>
            <translation>文件</translation>
        </message>
        <message>
            <source>Files added to My data: {count}. They stay where they are.</source>
            <translation>已添加到“我的数据”的文件：{count} 个。它们留在原处。</translation>
        </message>
        <message>
            <source>Files and checks</source>
            <translation>文件与检查</translation>
        </message>
        <message>
            <source>Files and what has become of them</source>
            <translation>文件及其处理结果</translation>
        </message>
        <message>
            <source>Files in the list: {count}</source>
            <translation>列表中的文件：{count} 个</translation>
        </message>
        <message>
            <source>Files of the former item stay where they are: {addresses}</source>
            <translation>原条目的文件留在原处：{addresses}</translation>
        </message>
        <message>
            <source>Files of the selected items</source>
            <translation>所选条目的文件</translation>
        </message>
        <message>
            <source>Files of this kind (netCDF, HDF) cannot be read in parts: it is fetched first.</source>
            <translation>此类文件（netCDF、HDF）不能分段读取：须先下载。</translation>
        </message>
        <message>
            <source>Files of this kind are read as a whole: it is fetched first.</source>
            <translation>此类文件须整体读取：须先下载。</translation>
        </message>
        <message>
            <source>Files of unknown size: {count}</source>
            <translation>大小未知的文件：{count} 个</translation>
        </message>
        <message>
            <source>Files on other servers</source>
            <translation>其他服务器上的文件</translation>
        </message>
        <message>
            <source>Files that are not as they were: {count}. “Relink” says where a file has been moved; “Forget” takes it out of My data.</source>
            <translation>与原样不符的文件：{count} 个。“重新关联”指明文件移到了何处；“移出”将其从“我的数据”中去掉。</translation>
        </message>
        <message>
            <source>Files that failed: {count}. Transfers says why.</source>
            <translation>下载失败的文件：{count} 个。原因见“传输”。</translation>
        </message>
        <message>
            <source>Files that have been fetched, and are in My data: {count}.</source>
            <translation>已下载并收入“我的数据”的文件：{count} 个。</translation>
        </message>
        <message>
            <source>Files to be cancelled: {count}. What has come of them, {size}, is deleted. “Pause” keeps it.</source>
            <translation>将取消的文件：{count} 个。已收到的部分（{size}）将被删除。“暂停”则予以保留。</translation>
        </message>
        <message>
            <source>Files to share</source>
            <translation>要共享的文件</translation>
        </message>
        <message>
            <source>Files: {count}</source>
            <translation>文件：{count} 个</translation>
        </message>
        <message>
            <source>Fill holes of urban centres smaller than (km²)</source>
            <translation>填充城市中心内小于此面积的孔洞（km²）</translation>
        </message>
        <message>
            <source>Filter</source>
            <translation>筛选</translation>
        </message>
        <message>
            <source>Filters</source>
            <translation>筛选</translation>
        </message>
        <message>
            <source>Find a collection</source>
            <translation>查找集合</translation>
        </message>
        <message>
            <source>Finding out what it is…</source>
            <translation>正在识别其类型…</translation>
        </message>
        <message>
            <source>First and last month of the season, such as 4-10</source>
            <translation>生长季的起止月份，例如 4-10</translation>
        </message>
        <message>
            <source>First baseline year (empty: that of the period)</source>
            <translation>基准期起始年份（空：报告期的年份）</translation>
        </message>
        <message>
            <source>First day</source>
            <translation>起始日期</translation>
        </message>
        <message>
            <source>First of the rasters</source>
            <translation>其中的第一个栅格</translation>
        </message>
        <message>
            <source>First quartile</source>
            <translation>第一四分位数</translation>
        </message>
        <message>
            <source>First recent year (empty: that of the period)</source>
            <translation>近期起始年份（空：报告期的年份）</translation>
        </message>
        <message>
            <source>First year</source>
            <translation>起始年份</translation>
        </message>
        <message>
            <source>First year (empty: that of the period)</source>
            <translation>起始年份（空：报告期的年份）</translation>
        </message>
        <message>
            <source>First year compared (empty: the first)</source>
            <translation>比较的起始年份（空：第一个）</translation>
        </message>
        <message>
            <source>First year of the baseline</source>
            <translation>基线起始年份</translation>
        </message>
        <message>
            <source>First year, where blocks begin (empty: of the rasters)</source>
            <translation>起始年份，即年段开始之年（空：栅格的第一年）</translation>
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
            <source>Flows of area between land cover classes; the table below has the values.</source>
            <translation>土地覆盖类别之间的面积流向；数值见下表。</translation>
        </message>
        <message>
            <source>Folder</source>
            <translation>文件夹</translation>
        </message>
        <message>
            <source>Folder (empty: that of My data)</source>
            <translation>文件夹（空：“我的数据”的文件夹）</translation>
        </message>
        <message>
            <source>Folder and index</source>
            <translation>文件夹与索引</translation>
        </message>
        <message>
            <source>Folder for the files</source>
            <translation>存放文件的文件夹</translation>
        </message>
        <message>
            <source>Folder for what is unpacked (empty: that of My data)</source>
            <translation>解压到的文件夹（空：“我的数据”的文件夹）</translation>
        </message>
        <message>
            <source>Folder of My data</source>
            <translation>“我的数据”的文件夹</translation>
        </message>
        <message>
            <source>Folder of a STAC catalog</source>
            <translation>STAC 目录的文件夹</translation>
        </message>
        <message>
            <source>Folder with many products, as archives or unpacked</source>
            <translation>含多个产品的文件夹（压缩包或已解压）</translation>
        </message>
        <message>
            <source>Footprints</source>
            <translation>覆盖范围</translation>
        </message>
        <message>
            <source>Footprints of the half swaths</source>
            <translation>各半幅的范围</translation>
        </message>
        <message>
            <source>Forget</source>
            <translation>移出</translation>
        </message>
        <message>
            <source>Forget items</source>
            <translation>移出条目</translation>
        </message>
        <message>
            <source>Forget; files stay</source>
            <translation>移出（保留文件）</translation>
        </message>
        <message>
            <source>Forgetting files</source>
            <translation>正在移出文件</translation>
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
            <source>Found out by itself</source>
            <translation>自动识别</translation>
        </message>
        <message>
            <source>Free on the disk: {size}</source>
            <translation>磁盘可用空间：{size}</translation>
        </message>
        <message>
            <source>Free space</source>
            <translation>释放空间</translation>
        </message>
        <message>
            <source>Free space…</source>
            <translation>释放空间…</translation>
        </message>
        <message>
            <source>Fringe open land</source>
            <translation>边缘开放用地</translation>
        </message>
        <message>
            <source>Fringe open water</source>
            <translation>边缘开放水面</translation>
        </message>
        <message>
            <source>From</source>
            <translation>变化前</translation>
        </message>
        <message>
            <source>From anywhere</source>
            <translation>全部来源</translation>
        </message>
        <message>
            <source>From catalog…</source>
            <translation>从目录选择…</translation>
        </message>
        <message>
            <source>From class</source>
            <translation>变化前类别</translation>
        </message>
        <message>
            <source>Full light (typed)</source>
            <translation>满亮度（手工输入）</translation>
        </message>
        <message>
            <source>Full light of the CNLI</source>
            <translation>CNLI 的满亮度</translation>
        </message>
        <message>
            <source>Full light of the compounded index (CNLI)</source>
            <translation>复合夜光指数（CNLI）的满亮度</translation>
        </message>
        <message>
            <source>Further files (with ; between them)</source>
            <translation>其他文件（用 ; 分隔）</translation>
        </message>
        <message>
            <source>Gain</source>
            <translation>增益</translation>
        </message>
        <message>
            <source>Gains (km²)</source>
            <translation>增益（km²）</translation>
        </message>
        <message>
            <source>Gains and losses by land type (table)</source>
            <translation>各土地类型的增益与损失（表）</translation>
        </message>
        <message>
            <source>Gains equal losses</source>
            <translation>增益等于损失</translation>
        </message>
        <message>
            <source>Gains exceed losses</source>
            <translation>增益大于损失</translation>
        </message>
        <message>
            <source>General</source>
            <translation>常规</translation>
        </message>
        <message>
            <source>Gini</source>
            <translation>基尼</translation>
        </message>
        <message>
            <source>Gini and NLDI: 0 equal, 1 all light in one place. Theil: 0 equal, without an upper bound.</source>
            <translation>基尼系数和 NLDI：0 为均等，1 为全部灯光集中在一处。泰尔指数：0 为均等，没有上限。</translation>
        </message>
        <message>
            <source>Gini coefficient of light</source>
            <translation>灯光的基尼系数</translation>
        </message>
        <message>
            <source>Give an address that begins with https://.</source>
            <translation>请给出以 https:// 开头的地址。</translation>
        </message>
        <message>
            <source>Give either a raster of climate zones or one factor f for all: without it the changes between forest or grassland and cropland have no result.</source>
            <translation>请给出气候带栅格，或给出用于全部的因子 f：否则林地或草地与农田之间的变化没有结果。</translation>
        </message>
        <message>
            <source>Give either {zones} or {factor}: without it the changes between forest or grassland and cropland have no result.</source>
            <translation>请给出“{zones}”或“{factor}”：否则林地或草地与农田之间的变化没有结果。</translation>
        </message>
        <message>
            <source>Give either “{first}” or “{second}”.</source>
            <translation>请在“{first}”与“{second}”中给出其一。</translation>
        </message>
        <message>
            <source>Give the address of the terms of the licence “other”.</source>
            <translation>请给出许可协议“other”的条款地址。</translation>
        </message>
        <message>
            <source>Give the connection a name.</source>
            <translation>请为连接命名。</translation>
        </message>
        <message>
            <source>Give the data a title.</source>
            <translation>请为数据给出标题。</translation>
        </message>
        <message>
            <source>Give the item an id of letters, digits, “-”, “_” and “.”.</source>
            <translation>请为条目给出由字母、数字、“-”、“_”和“.”组成的标识。</translation>
        </message>
        <message>
            <source>Give the population either as rasters or as fields of the city layer, not both and not neither.</source>
            <translation>人口请以栅格或城市图层字段之一给出，不可两者都给，也不可都不给。</translation>
        </message>
        <message>
            <source>Give “{first}”, “{second}”, or both.</source>
            <translation>请给出“{first}”或“{second}”，也可两者都给出。</translation>
        </message>
        <message>
            <source>Grassland</source>
            <translation>草地</translation>
        </message>
        <message>
            <source>Green, where colours are rasters of their own</source>
            <translation>绿波段（各颜色为单独栅格时）</translation>
        </message>
        <message>
            <source>Group</source>
            <translation>分组</translation>
        </message>
        <message>
            <source>Groups</source>
            <translation>分组</translation>
        </message>
        <message>
            <source>Groups of cells, stripes and stray light are found with the Python library scipy, which is not installed. Install it (Debian, Ubuntu: python3-scipy), or leave these steps out (0 cells of a group).</source>
            <translation>查找像元斑块、条带和杂散光需要 Python 库 scipy，但尚未安装。请安装它（Debian、Ubuntu：python3-scipy），或不做这些步骤（斑块像元数取 0）。</translation>
        </message>
        <message>
            <source>Growing season (for the integral)</source>
            <translation>生长季（用于积分）</translation>
        </message>
        <message>
            <source>Growth by type and interval</source>
            <translation>各时段各类型增长</translation>
        </message>
        <message>
            <source>Growth needs the urban extent of at least two dates, a year to each; {rasters} rasters and {years} years were given.</source>
            <translation>计算增长至少需要两个时相的城市范围，每个时相对应一个年份；现给出 {rasters} 个栅格和 {years} 个年份。</translation>
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
            <source>Has no search: its collections are read one after the other.</source>
            <translation>没有搜索功能：逐个读取其集合。</translation>
        </message>
        <message>
            <source>Held against the catalog's checksum</source>
            <translation>是否与目录的校验和核对过</translation>
        </message>
        <message>
            <source>Help</source>
            <translation>帮助</translation>
        </message>
        <message>
            <source>Highest, or newest, first</source>
            <translation>最大或最新者在前</translation>
        </message>
        <message>
            <source>How light is spread</source>
            <translation>灯光如何分布</translation>
        </message>
        <message>
            <source>How much light zones send up at night, how it is spread, and its trend.</source>
            <translation>各分区夜间向上发出多少灯光、灯光如何分布，以及灯光的趋势。</translation>
        </message>
        <message>
            <source>How to cite the method</source>
            <translation>方法的引用方式</translation>
        </message>
        <message>
            <source>I may share results of data that must not be passed on</source>
            <translation>我有权共享由不得转发的数据得到的结果</translation>
        </message>
        <message>
            <source>I may share these results</source>
            <translation>我有权共享这些结果</translation>
        </message>
        <message>
            <source>I want to share data to it</source>
            <translation>我要向它共享数据</translation>
        </message>
        <message>
            <source>IPCC climate zones</source>
            <translation>IPCC 气候带</translation>
        </message>
        <message>
            <source>IPCC climate zones (0–12)</source>
            <translation>IPCC 气候带（0–12）</translation>
        </message>
        <message>
            <source>Id</source>
            <translation>标识</translation>
        </message>
        <message>
            <source>Id of the item</source>
            <translation>条目的标识</translation>
        </message>
        <message>
            <source>If the item is there already</source>
            <translation>如果条目已经存在</translation>
        </message>
        <message>
            <source>Import SDGSAT-1 archives</source>
            <translation>导入 SDGSAT-1 压缩包</translation>
        </message>
        <message>
            <source>Import connections</source>
            <translation>导入连接</translation>
        </message>
        <message>
            <source>Imported</source>
            <translation>导入所得</translation>
        </message>
        <message>
            <source>Imported from</source>
            <translation>导入来源</translation>
        </message>
        <message>
            <source>Import…</source>
            <translation>导入…</translation>
        </message>
        <message>
            <source>Improved</source>
            <translation>改善</translation>
        </message>
        <message>
            <source>Improved area (km²)</source>
            <translation>改善面积（km²）</translation>
        </message>
        <message>
            <source>Improved area, last period (km²)</source>
            <translation>最后一期改善面积（km²）</translation>
        </message>
        <message>
            <source>Improved land (km²)</source>
            <translation>改善土地（km²）</translation>
        </message>
        <message>
            <source>Improved: {cells} cells, {km2} km²</source>
            <translation>改善：{cells} 个像元，{km2} km²</translation>
        </message>
        <message>
            <source>In UTC</source>
            <translation>按 UTC</translation>
        </message>
        <message>
            <source>In electrified cells</source>
            <translation>通电像元中</translation>
        </message>
        <message>
            <source>In the project</source>
            <translation>在工程中</translation>
        </message>
        <message>
            <source>In {year}</source>
            <translation>{year} 年</translation>
        </message>
        <message>
            <source>Inclusion</source>
            <translation>纳入</translation>
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
            <source>Index at which the season begins and ends</source>
            <translation>生长季开始和结束时的指数</translation>
        </message>
        <message>
            <source>Indicator or status of each period, one raster each</source>
            <translation>各时期的指标或状态，每期一个栅格</translation>
        </message>
        <message>
            <source>Indices of light and vegetation</source>
            <translation>灯光与植被指数</translation>
        </message>
        <message>
            <source>Indices of light and vegetation need a raster of NDVI or EVI.</source>
            <translation>灯光与植被指数需要 NDVI 或 EVI 栅格。</translation>
        </message>
        <message>
            <source>Inequality</source>
            <translation>不均衡程度</translation>
        </message>
        <message>
            <source>Infill</source>
            <translation>填充</translation>
        </message>
        <message>
            <source>Infill (km²)</source>
            <translation>填充（km²）</translation>
        </message>
        <message>
            <source>Infilling (LEI above 50)</source>
            <translation>填充式（LEI 大于 50）</translation>
        </message>
        <message>
            <source>Inland water</source>
            <translation>内陆水体</translation>
        </message>
        <message>
            <source>Inland water (km²)</source>
            <translation>内陆水体（km²）</translation>
        </message>
        <message>
            <source>Inland water (mask), instead of the land cover's</source>
            <translation>内陆水体（掩膜），代替土地覆盖中的水体</translation>
        </message>
        <message>
            <source>Inland water, not land: {cells} cells, {km2} km²</source>
            <translation>内陆水体，不属于土地：{cells} 个像元，{km2} km²</translation>
        </message>
        <message>
            <source>Inland water, which is no land</source>
            <translation>内陆水体（不属于土地）</translation>
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
            <source>Intensity = {red} × red + {green} × green + {blue} × blue {offset}, from {cells} lit cells (panchromatic above {threshold}); its correlation with the panchromatic band is {correlation}.</source>
            <translation>亮度分量 = {red} × 红 + {green} × 绿 + {blue} × 蓝 {offset}，由 {cells} 个有灯光像元求得（全色值高于 {threshold}）；与全色波段的相关系数为 {correlation}。</translation>
        </message>
        <message>
            <source>Intervals</source>
            <translation>时段</translation>
        </message>
        <message>
            <source>Into a folder of this computer or network</source>
            <translation>放入本机或网络的文件夹</translation>
        </message>
        <message>
            <source>Invalid geometries, repaired before measuring ({count}): {names}</source>
            <translation>无效几何，量算前已修复（{count} 个）：{names}</translation>
        </message>
        <message>
            <source>It answers, but took {seconds} s.</source>
            <translation>有响应，但用了 {seconds} 秒。</translation>
        </message>
        <message>
            <source>It answers.</source>
            <translation>有响应。</translation>
        </message>
        <message>
            <source>It failed, for a reason that was not foreseen: {reason}</source>
            <translation>因未预料的原因失败：{reason}</translation>
        </message>
        <message>
            <source>It holds no data that can be read.</source>
            <translation>其中没有可读取的数据。</translation>
        </message>
        <message>
            <source>It is a document, not a map. Download it to read it.</source>
            <translation>这是文档，不是地图。请下载后阅读。</translation>
        </message>
        <message>
            <source>It is a preview for people, without a place on the map.</source>
            <translation>这是供浏览的预览图，没有地图位置。</translation>
        </message>
        <message>
            <source>It is an archive: download it, then unpack it, or import it if it is of SDGSAT-1.</source>
            <translation>这是压缩包：请下载后解压；若为 SDGSAT-1 的压缩包，请将其导入。</translation>
        </message>
        <message>
            <source>It is not on this computer yet: download it.</source>
            <translation>尚不在本机：请下载。</translation>
        </message>
        <message>
            <source>It is on this computer already.</source>
            <translation>已在本机。</translation>
        </message>
        <message>
            <source>It is only read.</source>
            <translation>只供读取。</translation>
        </message>
        <message>
            <source>It lies in a store that has no address on the web: GDAL fetches it, with the credentials for that store that this computer has.</source>
            <translation>它位于没有网络地址的存储中：由 GDAL 使用本机对该存储的凭据读取。</translation>
        </message>
        <message>
            <source>Item</source>
            <translation>条目</translation>
        </message>
        <message>
            <source>Item collection</source>
            <translation>条目集合</translation>
        </message>
        <message>
            <source>Items at most</source>
            <translation>条目数上限</translation>
        </message>
        <message>
            <source>Items found</source>
            <translation>找到的条目</translation>
        </message>
        <message>
            <source>Items on a page</source>
            <translation>每页条目数</translation>
        </message>
        <message>
            <source>Items to be taken out of My data: {count}. Their files stay where they are.</source>
            <translation>将从“我的数据”中移出的条目：{count} 个。它们的文件留在原处。</translation>
        </message>
        <message>
            <source>Items: a result of “Search a catalog”</source>
            <translation>条目：“搜索数据目录”的结果</translation>
        </message>
        <message>
            <source>Its address does not say which account of the service it is in.</source>
            <translation>其地址没有说明属于该服务的哪个账号。</translation>
        </message>
        <message>
            <source>Its address on the web (if it has one)</source>
            <translation>其网络地址（若有）</translation>
        </message>
        <message>
            <source>Its credentials go into a header or a token, which a layer cannot hold without being saved with the project: it is fetched first.</source>
            <translation>其凭据放在请求头或令牌中，图层若保存它们就会一并写入工程：须先下载。</translation>
        </message>
        <message>
            <source>Its figures hold for the part inside only.</source>
            <translation>其数字只对栅格内的部分有效。</translation>
        </message>
        <message>
            <source>Its server asks for credentials: choose those for files in the connection, and name the server there.</source>
            <translation>其服务器要求凭据：请在连接中选择用于文件的凭据，并在其中指明该服务器。</translation>
        </message>
        <message>
            <source>Its server gives files to accounts only: choose credentials of the method Basic in the connection, with the name of your account. Or open the item's page in a browser, and download the file there.</source>
            <translation>其服务器只向注册账号提供文件：请在连接中选择“Basic”（基本身份验证）方式的凭据，并填写您的账号名。也可以在浏览器中打开该条目的网页，在那里下载文件。</translation>
        </message>
        <message>
            <source>Its server gives it to your account, as a whole: it is fetched first.</source>
            <translation>其服务器向您的账号提供完整的文件：须先下载。</translation>
        </message>
        <message>
            <source>Its sums are too low; the date is left out of the trend.</source>
            <translation>其总和偏低；该日期不参与趋势计算。</translation>
        </message>
        <message>
            <source>JSON</source>
            <translation>JSON</translation>
        </message>
        <message>
            <source>Keep it in the project</source>
            <translation>保存在工程中</translation>
        </message>
        <message>
            <source>Keep the outlines as a layer, with dates for the temporal controller</source>
            <translation>将覆盖范围保存为图层，并带有供时态控制器使用的日期</translation>
        </message>
        <message>
            <source>Keep this search</source>
            <translation>保存此搜索</translation>
        </message>
        <message>
            <source>Keep this search…</source>
            <translation>保存此搜索…</translation>
        </message>
        <message>
            <source>Keeping a draft</source>
            <translation>正在保存草稿</translation>
        </message>
        <message>
            <source>Kept searches</source>
            <translation>保存的搜索</translation>
        </message>
        <message>
            <source>Key figures</source>
            <translation>关键数字</translation>
        </message>
        <message>
            <source>Keywords (with commas between them)</source>
            <translation>关键字（用逗号分隔）</translation>
        </message>
        <message>
            <source>Kind</source>
            <translation>类型</translation>
        </message>
        <message>
            <source>Kind of the answer: {value}</source>
            <translation>响应的类型：{value}</translation>
        </message>
        <message>
            <source>Known area (km²)</source>
            <translation>已知面积（km²）</translation>
        </message>
        <message>
            <source>Known places overlap: the brightest without electricity has {dark}, the faintest with it {lit}. No threshold tells them apart; {threshold} lies halfway.</source>
            <translation>已知地点互相重叠：无电地点中最亮者为 {dark}，有电地点中最暗者为 {lit}。没有阈值能把二者分开；{threshold} 位于中间。</translation>
        </message>
        <message>
            <source>Known places without data in {name}: {count}; left out.</source>
            <translation>在 {name} 中没有数据的已知地点：{count} 个；不计入。</translation>
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
            <source>LPD made elsewhere (imported)</source>
            <translation>别处制作的 LPD（imported）</translation>
        </message>
        <message>
            <source>Land</source>
            <translation>土地</translation>
        </message>
        <message>
            <source>Land (km²)</source>
            <translation>土地（km²）</translation>
        </message>
        <message>
            <source>Land (without inland water) by class of each sub-indicator. Of land productivity, declining and moderate decline are degraded, stressed and stable are stable, increasing is improved.</source>
            <translation>各子指标各类别的土地（不含内陆水体）。土地生产力中，下降和中度下降为退化，受胁迫和稳定为稳定，上升为改善。</translation>
        </message>
        <message>
            <source>Land and people under drought (table)</source>
            <translation>干旱土地和受影响人口（表）</translation>
        </message>
        <message>
            <source>Land cells hold</source>
            <translation>陆地像元的值</translation>
        </message>
        <message>
            <source>Land consumption against population growth</source>
            <translation>土地消耗与人口增长的对比</translation>
        </message>
        <message>
            <source>Land cover</source>
            <translation>土地覆盖</translation>
        </message>
        <message>
            <source>Land cover areas by year (table)</source>
            <translation>各年土地覆盖面积（表）</translation>
        </message>
        <message>
            <source>Land cover at the end, without a raster of its change</source>
            <translation>期末土地覆盖（没有土地覆盖变化栅格时）</translation>
        </message>
        <message>
            <source>Land cover at the start, to tell inland water</source>
            <translation>期初土地覆盖，用于区分内陆水体</translation>
        </message>
        <message>
            <source>Land cover at the start, without a raster of its change</source>
            <translation>期初土地覆盖（没有土地覆盖变化栅格时）</translation>
        </message>
        <message>
            <source>Land cover change</source>
            <translation>土地覆盖变化</translation>
        </message>
        <message>
            <source>Land cover change (-1, 0, 1)</source>
            <translation>土地覆盖变化（-1、0、1）</translation>
        </message>
        <message>
            <source>Land cover change (SDG 15.3.1)</source>
            <translation>土地覆盖变化（SDG 15.3.1）</translation>
        </message>
        <message>
            <source>Land cover class</source>
            <translation>土地覆盖类别</translation>
        </message>
        <message>
            <source>Land cover class of inland water</source>
            <translation>内陆水体的土地覆盖类别</translation>
        </message>
        <message>
            <source>Land cover maps, one per year</source>
            <translation>土地覆盖图，每年一个</translation>
        </message>
        <message>
            <source>Land cover of {year}: codes that the legend lacks, taken as no data: {codes}</source>
            <translation>{year} 年土地覆盖：图例中没有的代码，按无数据处理：{codes}</translation>
        </message>
        <message>
            <source>Land cover rasters, one per date</source>
            <translation>土地覆盖栅格，每个时相一个</translation>
        </message>
        <message>
            <source>Land cover transitions (table)</source>
            <translation>土地覆盖转移（表）</translation>
        </message>
        <message>
            <source>Land cover used</source>
            <translation>采用的土地覆盖</translation>
        </message>
        <message>
            <source>Land degradation</source>
            <translation>土地退化</translation>
        </message>
        <message>
            <source>Land degradation (-1, 0, 1)</source>
            <translation>土地退化（-1、0、1）</translation>
        </message>
        <message>
            <source>Land degradation (SDG 15.3.1)</source>
            <translation>土地退化（SDG 15.3.1）</translation>
        </message>
        <message>
            <source>Land degradation by zone</source>
            <translation>各分区土地退化</translation>
        </message>
        <message>
            <source>Land degradation by zone (SDG 15.3.1)</source>
            <translation>分区土地退化统计（SDG 15.3.1）</translation>
        </message>
        <message>
            <source>Land degradation by zone (table)</source>
            <translation>各分区土地退化（表）</translation>
        </message>
        <message>
            <source>Land degradation neutrality balance</source>
            <translation>土地退化零增长平衡</translation>
        </message>
        <message>
            <source>Land degradation, all steps (SDG 15.3.1)</source>
            <translation>土地退化，全部步骤（SDG 15.3.1）</translation>
        </message>
        <message>
            <source>Land degradation, all steps (SDG 15.3.1)…</source>
            <translation>土地退化，全部步骤（SDG 15.3.1）…</translation>
        </message>
        <message>
            <source>Land is given twice, as a raster and as polygons. Leave one of them out.</source>
            <translation>陆地以栅格和多边形两种方式给出。请去掉其中一种。</translation>
        </message>
        <message>
            <source>Land productivity</source>
            <translation>土地生产力</translation>
        </message>
        <message>
            <source>Land productivity (-1, 0, 1, or LPD 1–5)</source>
            <translation>土地生产力（-1、0、1，或 LPD 1–5）</translation>
        </message>
        <message>
            <source>Land productivity cells hold</source>
            <translation>土地生产力像元的值为</translation>
        </message>
        <message>
            <source>Land productivity dynamics</source>
            <translation>土地生产力动态</translation>
        </message>
        <message>
            <source>Land productivity dynamics (SDG 15.3.1)</source>
            <translation>土地生产力动态（SDG 15.3.1）</translation>
        </message>
        <message>
            <source>Land productivity holds</source>
            <translation>土地生产力的取值</translation>
        </message>
        <message>
            <source>Land type</source>
            <translation>土地类型</translation>
        </message>
        <message>
            <source>Land types: rasters of classes whose combinations count</source>
            <translation>土地类型：类别栅格，按其取值组合核算</translation>
        </message>
        <message>
            <source>Land under drought (km²)</source>
            <translation>干旱土地（km²）</translation>
        </message>
        <message>
            <source>Land under drought, last block (%)</source>
            <translation>最后一个年段的干旱土地（%）</translation>
        </message>
        <message>
            <source>Land under drought, last block (km²)</source>
            <translation>最后一个年段的干旱土地（km²）</translation>
        </message>
        <message>
            <source>Land units</source>
            <translation>土地单元</translation>
        </message>
        <message>
            <source>Land units to compare productivity within</source>
            <translation>用于比较生产力的土地单元</translation>
        </message>
        <message>
            <source>Land units: class rasters, such as soil and land cover</source>
            <translation>土地单元：类别栅格，例如土壤和土地覆盖</translation>
        </message>
        <message>
            <source>Land units: polygons, instead or in addition</source>
            <translation>土地单元：多边形，代替栅格或与栅格组合</translation>
        </message>
        <message>
            <source>Land units: {count}</source>
            <translation>土地单元：{count} 个</translation>
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
            <source>Land use efficiency of all cities</source>
            <translation>全部城市的土地利用效率</translation>
        </message>
        <message>
            <source>Land use efficiency without city polygons: urban centres (SDG 11.3.1)</source>
            <translation>无需城市多边形的土地利用效率：城市中心（SDG 11.3.1）</translation>
        </message>
        <message>
            <source>Land use efficiency without city polygons: urban extent (SDG 11.3.1)</source>
            <translation>无需城市多边形的土地利用效率：城市范围（SDG 11.3.1）</translation>
        </message>
        <message>
            <source>Land use factors of changes (rows: from, columns: to)</source>
            <translation>变化的土地利用因子（行：变化前，列：变化后）</translation>
        </message>
        <message>
            <source>Land with data (km²)</source>
            <translation>有数据的土地（km²）</translation>
        </message>
        <message>
            <source>Land without data (km²)</source>
            <translation>无数据土地（km²）</translation>
        </message>
        <message>
            <source>Land, or water, in each cell</source>
            <translation>每个像元的陆地或水体</translation>
        </message>
        <message>
            <source>Landscape expansion index (0–100)</source>
            <translation>景观扩张指数（0–100）</translation>
        </message>
        <message>
            <source>Landscape expansion index, weighted by area</source>
            <translation>景观扩张指数，按面积加权</translation>
        </message>
        <message>
            <source>Largest light</source>
            <translation>最大灯光</translation>
        </message>
        <message>
            <source>Last 12 months</source>
            <translation>最近 12 个月</translation>
        </message>
        <message>
            <source>Last baseline year (empty: that of the period)</source>
            <translation>基准期结束年份（空：报告期的年份）</translation>
        </message>
        <message>
            <source>Last check: {time}</source>
            <translation>上次检查：{time}</translation>
        </message>
        <message>
            <source>Last day</source>
            <translation>结束日期</translation>
        </message>
        <message>
            <source>Last recent year (empty: that of the period)</source>
            <translation>近期结束年份（空：报告期的年份）</translation>
        </message>
        <message>
            <source>Last searches</source>
            <translation>最近的搜索</translation>
        </message>
        <message>
            <source>Last year</source>
            <translation>结束年份</translation>
        </message>
        <message>
            <source>Last year (empty: of the rasters)</source>
            <translation>结束年份（空：栅格的最后一年）</translation>
        </message>
        <message>
            <source>Last year (empty: that of the period)</source>
            <translation>结束年份（空：报告期的年份）</translation>
        </message>
        <message>
            <source>Last year compared (empty: the last)</source>
            <translation>比较的结束年份（空：最后一个）</translation>
        </message>
        <message>
            <source>Last year of the baseline</source>
            <translation>基线结束年份</translation>
        </message>
        <message>
            <source>Last year of the reporting period</source>
            <translation>报告期结束年份</translation>
        </message>
        <message>
            <source>Leapfrog</source>
            <translation>跳跃</translation>
        </message>
        <message>
            <source>Leapfrog (km²)</source>
            <translation>跳跃（km²）</translation>
        </message>
        <message>
            <source>Least area with data for the trend, of that on the best date (0–1)</source>
            <translation>计算趋势所需的最小有数据面积，占数据最全日期的比例（0–1）</translation>
        </message>
        <message>
            <source>Legend of the land cover</source>
            <translation>土地覆盖的图例</translation>
        </message>
        <message>
            <source>Legend of the land cover maps</source>
            <translation>土地覆盖图的图例</translation>
        </message>
        <message>
            <source>Less built-up area at the end than at the start.</source>
            <translation>期末建成区面积小于期初。</translation>
        </message>
        <message>
            <source>Level</source>
            <translation>层级</translation>
        </message>
        <message>
            <source>Level 1 is made of</source>
            <translation>一级的构成方式</translation>
        </message>
        <message>
            <source>Licence</source>
            <translation>许可协议</translation>
        </message>
        <message>
            <source>Licence (required)</source>
            <translation>许可协议（必填）</translation>
        </message>
        <message>
            <source>Licence ({names})</source>
            <translation>许可协议（{names}）</translation>
        </message>
        <message>
            <source>Licences: {names}</source>
            <translation>许可协议：{names}</translation>
        </message>
        <message>
            <source>Light at night stands for electricity: people with power and no outdoor light are missed, and light that spreads beyond its source counts where it falls.</source>
            <translation>夜间有灯光代表通电：有电但没有室外照明的人口会被漏计，扩散到光源之外的光在其落处计入。</translation>
        </message>
        <message>
            <source>Light before and after, and its change</source>
            <translation>前期和后期灯光及其变化</translation>
        </message>
        <message>
            <source>Light falls</source>
            <translation>灯光下降</translation>
        </message>
        <message>
            <source>Light is to be told by the panchromatic raster, but none is given. Choose one, or another rule.</source>
            <translation>须由全色栅格判断灯光，但没有给出全色栅格。请选择一个，或选择其他规则。</translation>
        </message>
        <message>
            <source>Light is to be told by two bands, but {name} has only one. Choose another rule.</source>
            <translation>须由两个波段判断灯光，但 {name} 只有一个波段。请选择其他规则。</translation>
        </message>
        <message>
            <source>Light is what is lit {where}.</source>
            <translation>以下情况视为灯光：{where}。</translation>
        </message>
        <message>
            <source>Light of lit cells (sum)</source>
            <translation>有灯光像元的灯光（总和）</translation>
        </message>
        <message>
            <source>Light of lit cells after (sum)</source>
            <translation>有灯光像元的后期灯光（总和）</translation>
        </message>
        <message>
            <source>Light of lit cells before (sum)</source>
            <translation>有灯光像元的前期灯光（总和）</translation>
        </message>
        <message>
            <source>Light of lit cells, of all light (%)</source>
            <translation>有灯光像元的灯光在全部灯光中的占比（%）</translation>
        </message>
        <message>
            <source>Light of lit cells: {percent} %</source>
            <translation>有灯光像元的灯光：{percent} %</translation>
        </message>
        <message>
            <source>Light of the three bands (sum)</source>
            <translation>三个波段的灯光（总和）</translation>
        </message>
        <message>
            <source>Light power (W/sr)</source>
            <translation>灯光功率（W/sr）</translation>
        </message>
        <message>
            <source>Light power of all zones</source>
            <translation>全部分区的灯光功率</translation>
        </message>
        <message>
            <source>Light rises</source>
            <translation>灯光上升</translation>
        </message>
        <message>
            <source>Light starts above the background by so many spreads</source>
            <translation>灯光从高于背景多少个离散度开始</translation>
        </message>
        <message>
            <source>Light times population is to be weighed, but there is no population raster. Choose one, or weigh by light alone.</source>
            <translation>要按灯光 × 人口加权，但没有人口栅格。请选择一个，或只按灯光加权。</translation>
        </message>
        <message>
            <source>Light, kept</source>
            <translation>保留的灯光</translation>
        </message>
        <message>
            <source>Limits</source>
            <translation>限制</translation>
        </message>
        <message>
            <source>Line chart of LCR, PGR and LCRPGR by period; the table below has the values.</source>
            <translation>各时段 LCR、PGR 和 LCRPGR 折线图；数值见下表。</translation>
        </message>
        <message>
            <source>Line chart of the area of each class by year; the table has the values.</source>
            <translation>各类别逐年面积折线图；数值见表。</translation>
        </message>
        <message>
            <source>Line chart of the share of people in lit cells by threshold; the table has the values.</source>
            <translation>各阈值下有灯光像元中人口比例折线图；数值见表。</translation>
        </message>
        <message>
            <source>Lines of {statistic} by zone; the table has the values.</source>
            <translation>各分区{statistic}折线图；数值见表。</translation>
        </message>
        <message>
            <source>Link</source>
            <translation>链接</translation>
        </message>
        <message>
            <source>Links</source>
            <translation>链接</translation>
        </message>
        <message>
            <source>Lit</source>
            <translation>有灯光</translation>
        </message>
        <message>
            <source>Lit area</source>
            <translation>亮区面积</translation>
        </message>
        <message>
            <source>Lit area (km²)</source>
            <translation>亮区面积（km²）</translation>
        </message>
        <message>
            <source>Lit area by zone</source>
            <translation>各分区亮区面积</translation>
        </message>
        <message>
            <source>Lit area by zone (table)</source>
            <translation>各分区亮区面积（表）</translation>
        </message>
        <message>
            <source>Lit area less the known one (km²)</source>
            <translation>亮区面积减已知面积（km²）</translation>
        </message>
        <message>
            <source>Lit area of all zones</source>
            <translation>全部分区的亮区面积</translation>
        </message>
        <message>
            <source>Lit area, all zones together (km²)</source>
            <translation>全部分区合计的亮区面积（km²）</translation>
        </message>
        <message>
            <source>Lit area, km²</source>
            <translation>亮区面积，km²</translation>
        </message>
        <message>
            <source>Lit cells</source>
            <translation>有灯光像元数</translation>
        </message>
        <message>
            <source>Lit cells (1 lit, 0 dark)</source>
            <translation>有灯光像元（1 有灯光，0 暗）</translation>
        </message>
        <message>
            <source>Lit cells of the fit</source>
            <translation>参加拟合的有灯光像元数</translation>
        </message>
        <message>
            <source>Lit cells that are still lit, in percent</source>
            <translation>去噪后灯光保留的像元在有灯光像元中的百分比</translation>
        </message>
        <message>
            <source>Lit cells: {cells}; white LED type {led} % of their light, blue {blue} %.</source>
            <translation>有灯光像元：{cells} 个；其灯光中白光 LED 型占 {led} %，蓝光占 {blue} %。</translation>
        </message>
        <message>
            <source>Lit from this value on</source>
            <translation>有灯光的起始值</translation>
        </message>
        <message>
            <source>Lit from this value on (0: all light above 0)</source>
            <translation>有灯光的起始值（0：所有大于 0 的灯光）</translation>
        </message>
        <message>
            <source>Lit from this value on (fixed)</source>
            <translation>有灯光的起始值（fixed）</translation>
        </message>
        <message>
            <source>Lit from this value on, after and in the baseline</source>
            <translation>后期和基线有灯光的起始值</translation>
        </message>
        <message>
            <source>Lit from this value on, before (empty: found)</source>
            <translation>前期有灯光的起始值（空：自动求得）</translation>
        </message>
        <message>
            <source>Lit from, before</source>
            <translation>前期有灯光的起始值</translation>
        </message>
        <message>
            <source>Lit in one band only</source>
            <translation>只在一个波段有灯光</translation>
        </message>
        <message>
            <source>Lit share of the area with data (0–1)</source>
            <translation>亮区面积占有数据面积的比例（0–1）</translation>
        </message>
        <message>
            <source>Lit threshold of each cell, or mask of lit cells</source>
            <translation>每个像元的灯光阈值，或有灯光像元的掩膜</translation>
        </message>
        <message>
            <source>Lit, of the area with data (%)</source>
            <translation>亮区面积占有数据面积的比例（%）</translation>
        </message>
        <message>
            <source>Lit, type undefined</source>
            <translation>有灯光，类型未定义</translation>
        </message>
        <message>
            <source>Load SDGSAT-1 scene</source>
            <translation>加载 SDGSAT-1 影像</translation>
        </message>
        <message>
            <source>Load sample data (SDG 11.3.1)</source>
            <translation>加载示例数据（SDG 11.3.1）</translation>
        </message>
        <message>
            <source>Load sample data (SDG 15.3.1)</source>
            <translation>加载示例数据（SDG 15.3.1）</translation>
        </message>
        <message>
            <source>Local folders</source>
            <translation>本地文件夹</translation>
        </message>
        <message>
            <source>Longest shift in cells</source>
            <translation>最大位移（像元）</translation>
        </message>
        <message>
            <source>Longest wait for an answer</source>
            <translation>等待响应的最长时间</translation>
        </message>
        <message>
            <source>Longitude {west}° to {east}°, latitude {south}° to {north}°</source>
            <translation>经度 {west}° 至 {east}°，纬度 {south}° 至 {north}°</translation>
        </message>
        <message>
            <source>Look around new patches as far as (m; empty: the next cells)</source>
            <translation>新斑块周围的考察距离（m；空：相邻像元）</translation>
        </message>
        <message>
            <source>Look at other dates, or at the observations without clouds.</source>
            <translation>请查看其他日期，或查看无云观测次数。</translation>
        </message>
        <message>
            <source>Look for a change of sensor or classification between the epochs.</source>
            <translation>请检查各时相之间传感器或分类方法是否有变化。</translation>
        </message>
        <message>
            <source>Look for stripes along the rows and fill them</source>
            <translation>查找并填补沿行方向的条带</translation>
        </message>
        <message>
            <source>Look, and share</source>
            <translation>查看并共享</translation>
        </message>
        <message>
            <source>Looking at files to be shared</source>
            <translation>正在查看要共享的文件</translation>
        </message>
        <message>
            <source>Looking at the files of My data</source>
            <translation>正在查看“我的数据”的文件</translation>
        </message>
        <message>
            <source>Looking at the files…</source>
            <translation>正在查看文件…</translation>
        </message>
        <message>
            <source>Looking for items in My data</source>
            <translation>正在“我的数据”中查找条目</translation>
        </message>
        <message>
            <source>Looking for results of DBAR SDG Tools</source>
            <translation>正在查找 DBAR SDG Tools 的结果</translation>
        </message>
        <message>
            <source>Looking for what would give results</source>
            <translation>正在查找怎样才会有结果</translation>
        </message>
        <message>
            <source>Looking where the data are</source>
            <translation>正在查看数据所在的位置</translation>
        </message>
        <message>
            <source>Lorenz curves by zone; the table of zones has the indices.</source>
            <translation>各分区洛伦兹曲线；指数见分区表。</translation>
        </message>
        <message>
            <source>Lorenz curves on {date}; the dotted line is equal light.</source>
            <translation>{date} 的洛伦兹曲线；虚线表示灯光完全均等。</translation>
        </message>
        <message>
            <source>Losses (km²)</source>
            <translation>损失（km²）</translation>
        </message>
        <message>
            <source>Losses exceed gains</source>
            <translation>损失大于增益</translation>
        </message>
        <message>
            <source>Lost</source>
            <translation>消失</translation>
        </message>
        <message>
            <source>Lost (cells)</source>
            <translation>消失（像元数）</translation>
        </message>
        <message>
            <source>Lost (km²)</source>
            <translation>消失（km²）</translation>
        </message>
        <message>
            <source>Low and medium biomass up to this NDVI (fao_wocat)</source>
            <translation>低、中生物量的 NDVI 上限（fao_wocat）</translation>
        </message>
        <message>
            <source>Low biomass ends at NDVI {low}, medium biomass at {medium}: the second must be larger.</source>
            <translation>低生物量的上限为 NDVI {low}，中生物量为 {medium}：后者必须更大。</translation>
        </message>
        <message>
            <source>Low biomass up to this NDVI, instead</source>
            <translation>或另行指定低生物量的 NDVI 上限</translation>
        </message>
        <message>
            <source>Low-density rural</source>
            <translation>低密度乡村</translation>
        </message>
        <message>
            <source>Lowest quality of a match of the whole</source>
            <translation>整体匹配质量的最低值</translation>
        </message>
        <message>
            <source>Lowest, or oldest, first</source>
            <translation>最小或最早者在前</translation>
        </message>
        <message>
            <source>Making a layer of outlines</source>
            <translation>正在生成覆盖范围图层</translation>
        </message>
        <message>
            <source>Making a mosaic</source>
            <translation>正在生成镶嵌</translation>
        </message>
        <message>
            <source>Making files ready to be shared</source>
            <translation>正在准备要共享的文件</translation>
        </message>
        <message>
            <source>Making the files ready…</source>
            <translation>正在准备文件…</translation>
        </message>
        <message>
            <source>Mann, H. B. (1945): Nonparametric tests against trend. Econometrica 13, 245–259; Sen, P. K. (1968): Estimates of the regression coefficient based on Kendall's tau. Journal of the American Statistical Association 63, 1379–1389.</source>
            <translation>Mann, H. B. (1945): Nonparametric tests against trend. Econometrica 13, 245–259; Sen, P. K. (1968): Estimates of the regression coefficient based on Kendall's tau. Journal of the American Statistical Association 63, 1379–1389.</translation>
        </message>
        <message>
            <source>Mann-Kendall test, two-sided; it takes dates for independent. Months that resemble the months before, and seasons, make p too small: prefer annual rasters for a verdict.</source>
            <translation>Mann-Kendall 检验，双侧；它假定各日期相互独立。相邻月份的相似性和季节变化会使 p 值偏小：下结论时宜使用年度栅格。</translation>
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
            <source>Max</source>
            <translation>最大值</translation>
        </message>
        <message>
            <source>Mean</source>
            <translation>均值</translation>
        </message>
        <message>
            <source>Mean landscape expansion index</source>
            <translation>平均景观扩张指数</translation>
        </message>
        <message>
            <source>Mean landscape expansion index, last interval</source>
            <translation>平均景观扩张指数，最后一个时段</translation>
        </message>
        <message>
            <source>Mean of lit cells (MNTL)</source>
            <translation>有灯光像元的平均值（MNTL）</translation>
        </message>
        <message>
            <source>Mean of lit cells and inequality are undefined there.</source>
            <translation>此处有灯光像元的平均值和不均衡程度没有定义。</translation>
        </message>
        <message>
            <source>Mean stock (t/ha)</source>
            <translation>平均储量（t/ha）</translation>
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
            <source>Meaning (-1 degraded, 0 stable, 1 improved)</source>
            <translation>含义（-1 退化，0 稳定，1 改善）</translation>
        </message>
        <message>
            <source>Meaning (-1, 0 or 1)</source>
            <translation>含义（-1、0 或 1）</translation>
        </message>
        <message>
            <source>Meaning of changes (rows: from, columns: to)</source>
            <translation>变化的含义（行：变化前，列：变化后）</translation>
        </message>
        <message>
            <source>Meaning of changes: {degraded} degraded, 0 stable, + improved.</source>
            <translation>变化的含义：{degraded} 退化，0 稳定，+ 改善。</translation>
        </message>
        <message>
            <source>Means of both halves are rounded to whole numbers. Both have one set of coefficients, so but for that it makes no difference to calibrate later.</source>
            <translation>两个半幅的平均值取整。二者使用同一套系数，因此除取整外，之后再定标没有差别。</translation>
        </message>
        <message>
            <source>Median</source>
            <translation>中位数</translation>
        </message>
        <message>
            <source>Medium biomass up to this NDVI, instead</source>
            <translation>或另行指定中生物量的 NDVI 上限</translation>
        </message>
        <message>
            <source>Memory for raster blocks, in megabytes</source>
            <translation>栅格块使用的内存（MB）</translation>
        </message>
        <message>
            <source>Mend or remove the feature.</source>
            <translation>请修正或删除该要素。</translation>
        </message>
        <message>
            <source>Mend the boundaries before you compare zones.</source>
            <translation>比较分区之前请先修正边界。</translation>
        </message>
        <message>
            <source>Mend the boundaries before you use group totals.</source>
            <translation>使用分组总量之前请先修正边界。</translation>
        </message>
        <message>
            <source>Method</source>
            <translation>方法</translation>
        </message>
        <message>
            <source>Method and version</source>
            <translation>方法与版本</translation>
        </message>
        <message>
            <source>Mild drought</source>
            <translation>轻旱</translation>
        </message>
        <message>
            <source>Minimum number of valid composites a year</source>
            <translation>每年有效合成影像的最少数目</translation>
        </message>
        <message>
            <source>Minimum number of years with data</source>
            <translation>有数据的最少年数</translation>
        </message>
        <message>
            <source>Missing</source>
            <translation>缺少</translation>
        </message>
        <message>
            <source>Missing: {what}</source>
            <translation>缺少：{what}</translation>
        </message>
        <message>
            <source>Moderate decline</source>
            <translation>中度下降</translation>
        </message>
        <message>
            <source>Moderate drought</source>
            <translation>中旱</translation>
        </message>
        <message>
            <source>More</source>
            <translation>更多</translation>
        </message>
        <message>
            <source>Mostly uninhabited area</source>
            <translation>基本无人居住区</translation>
        </message>
        <message>
            <source>My catalogs</source>
            <translation>我的目录</translation>
        </message>
        <message>
            <source>My data</source>
            <translation>我的数据</translation>
        </message>
        <message>
            <source>My searches</source>
            <translation>我的搜索</translation>
        </message>
        <message>
            <source>NDVI is taken as value / {scale}.</source>
            <translation>NDVI 取为 值 / {scale}。</translation>
        </message>
        <message>
            <source>NDVI, for indices</source>
            <translation>用于指数的 NDVI</translation>
        </message>
        <message>
            <source>Name</source>
            <translation>名称</translation>
        </message>
        <message>
            <source>Name of the scene</source>
            <translation>影像名称</translation>
        </message>
        <message>
            <source>Name of the type</source>
            <translation>类型名称</translation>
        </message>
        <message>
            <source>Names</source>
            <translation>名称</translation>
        </message>
        <message>
            <source>Names of the land cover classes (empty: those of the UNCCD)</source>
            <translation>土地覆盖类别的名称（空：UNCCD 的类别名称）</translation>
        </message>
        <message>
            <source>Names of the periods, such as 2019,2023 (empty: from the rasters)</source>
            <translation>时期名称，例如 2019,2023（空：取自栅格）</translation>
        </message>
        <message>
            <source>Negative values</source>
            <translation>负值</translation>
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
            <source>Neither land cover nor a water mask is given, so inland water cannot be told from land: the denominator is all of the area.</source>
            <translation>未给出土地覆盖或水体掩膜，无法区分内陆水体与土地：分母为全部面积。</translation>
        </message>
        <message>
            <source>Net restored (% of land)</source>
            <translation>净恢复（占土地 %）</translation>
        </message>
        <message>
            <source>Net restored (km²)</source>
            <translation>净恢复（km²）</translation>
        </message>
        <message>
            <source>Net restored land of all zones, last period (km²)</source>
            <translation>最后一期全部分区的净恢复土地（km²）</translation>
        </message>
        <message>
            <source>Net restored, change against baseline (%)</source>
            <translation>净恢复，相对于基线的变化（%）</translation>
        </message>
        <message>
            <source>Net restored, change against baseline (km²)</source>
            <translation>净恢复，相对于基线的变化（km²）</translation>
        </message>
        <message>
            <source>Net restored, change against baseline (points)</source>
            <translation>净恢复，相对于基线的变化（百分点）</translation>
        </message>
        <message>
            <source>Neutral (km²)</source>
            <translation>中性（km²）</translation>
        </message>
        <message>
            <source>Neutrality achieved (1: yes)</source>
            <translation>实现零增长（1：是）</translation>
        </message>
        <message>
            <source>Neutrality balance</source>
            <translation>零增长平衡</translation>
        </message>
        <message>
            <source>Neutrality balance by land type</source>
            <translation>各土地类型零增长平衡</translation>
        </message>
        <message>
            <source>Neutrality by zone</source>
            <translation>各分区零增长情况</translation>
        </message>
        <message>
            <source>Neutrality by zone and period (table)</source>
            <translation>各分区各时期零增长情况（表）</translation>
        </message>
        <message>
            <source>New</source>
            <translation>新增</translation>
        </message>
        <message>
            <source>New (cells)</source>
            <translation>新增（像元数）</translation>
        </message>
        <message>
            <source>New (km²)</source>
            <translation>新增（km²）</translation>
        </message>
        <message>
            <source>New built-up patches</source>
            <translation>新建成区斑块</translation>
        </message>
        <message>
            <source>New data go to {folder}, which gets a catalog of its own. What is in {before} stays there as it is: choose that folder again to see it. Files that are being fetched now still go there.</source>
            <translation>新数据存放到 {folder}，该文件夹会有自己的目录。{before} 中的内容原样保留：再次选择该文件夹即可查看。正在下载的文件仍存放到那里。</translation>
        </message>
        <message>
            <source>New patches, last interval</source>
            <translation>最后一个时段的新斑块</translation>
        </message>
        <message>
            <source>New rural built-up</source>
            <translation>新的乡村建成区</translation>
        </message>
        <message>
            <source>New rural built-up (km²)</source>
            <translation>新的乡村建成区（km²）</translation>
        </message>
        <message>
            <source>Next</source>
            <translation>下一步</translation>
        </message>
        <message>
            <source>Night Light Development Index (NLDI)</source>
            <translation>夜光发展指数（NLDI）</translation>
        </message>
        <message>
            <source>Night Light Development Index: cells in order of</source>
            <translation>夜光发展指数：像元的排列顺序</translation>
        </message>
        <message>
            <source>Night light</source>
            <translation>夜间灯光</translation>
        </message>
        <message>
            <source>Night light after</source>
            <translation>后期夜间灯光</translation>
        </message>
        <message>
            <source>Night light before</source>
            <translation>前期夜间灯光</translation>
        </message>
        <message>
            <source>Night light by zone</source>
            <translation>各分区夜间灯光</translation>
        </message>
        <message>
            <source>Night light by zone and date</source>
            <translation>按分区和日期统计夜间灯光</translation>
        </message>
        <message>
            <source>Night light change</source>
            <translation>夜间灯光变化</translation>
        </message>
        <message>
            <source>Night light colour and spectral types</source>
            <translation>夜间灯光颜色与光谱类型</translation>
        </message>
        <message>
            <source>Night light composite</source>
            <translation>夜间灯光合成</translation>
        </message>
        <message>
            <source>Night light in colour (red, green, blue)</source>
            <translation>彩色夜间灯光（红、绿、蓝）</translation>
        </message>
        <message>
            <source>Night light, one raster per date (or one with a band per date)</source>
            <translation>夜间灯光，每个日期一个栅格（或一个每个日期一个波段的栅格）</translation>
        </message>
        <message>
            <source>Night light; its grid is that of the result</source>
            <translation>夜间灯光；结果采用其格网</translation>
        </message>
        <message>
            <source>Night lights, one raster per date (or one with a band per date)</source>
            <translation>夜间灯光，每个日期一个栅格（或一个每个日期一个波段的栅格）</translation>
        </message>
        <message>
            <source>No algorithm of the plugin takes these data together.</source>
            <translation>插件中没有能同时使用这些数据的算法。</translation>
        </message>
        <message>
            <source>No area changed its class.</source>
            <translation>没有类别发生变化的面积。</translation>
        </message>
        <message>
            <source>No asset of the {count} items is meant by “{names}”.</source>
            <translation>{count} 个条目中没有与“{names}”相符的资产。</translation>
        </message>
        <message>
            <source>No built-up area at the start, so there is no LCR.</source>
            <translation>期初没有建成区面积，因此没有 LCR。</translation>
        </message>
        <message>
            <source>No catalog can be asked for it: items of other months are left out.</source>
            <translation>任何目录都不支持此条件：其他月份的条目在本机剔除。</translation>
        </message>
        <message>
            <source>No catalog has answered.</source>
            <translation>没有任何目录响应。</translation>
        </message>
        <message>
            <source>No catalog was chosen: choose one to search.</source>
            <translation>没有选择目录：请选择要搜索的目录。</translation>
        </message>
        <message>
            <source>No cell has a result. Check that the rasters hold data, and of the same places.</source>
            <translation>没有像元得到结果。请检查各栅格是否有数据，以及是否覆盖相同的地方。</translation>
        </message>
        <message>
            <source>No cell is lit.</source>
            <translation>没有任何像元有灯光。</translation>
        </message>
        <message>
            <source>No cell is part of a centre or a cluster: no place reaches 300 people per km² with 5,000 people. Check that the population is of this region, and in persons per cell or per km² as you said.</source>
            <translation>没有像元属于城市中心或集群：没有任何地方达到每 km² 300 人且合计 5,000 人。请检查人口数据是否属于该地区，以及其值是否如您所选为每像元人数或每 km² 人数。</translation>
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
            <translation>没有城市与栅格 {name} 重叠。请检查城市图层和栅格的坐标参照系，以及二者是否为同一地区。</translation>
        </message>
        <message>
            <source>No cluster of dense cells has 5,000 people, so no built-up threshold can be found; the built-up option is off.</source>
            <translation>没有稠密像元集群达到 5,000 人，无法求得建成区阈值；不使用建成区选项。</translation>
        </message>
        <message>
            <source>No composite lies in the season, months {first} to {last}.</source>
            <translation>没有合成影像位于生长季（{first} 月至 {last} 月）内。</translation>
        </message>
        <message>
            <source>No data</source>
            <translation>无数据</translation>
        </message>
        <message>
            <source>No data is written as {value}.</source>
            <translation>无数据写为 {value}。</translation>
        </message>
        <message>
            <source>No data: in no land unit</source>
            <translation>无数据：不属于任何土地单元</translation>
        </message>
        <message>
            <source>No data: performance</source>
            <translation>无数据：表现</translation>
        </message>
        <message>
            <source>No data: state</source>
            <translation>无数据：状态</translation>
        </message>
        <message>
            <source>No data: state and performance</source>
            <translation>无数据：状态和表现</translation>
        </message>
        <message>
            <source>No data: the unit's potential is not above 0</source>
            <translation>无数据：单元的潜力不大于 0</translation>
        </message>
        <message>
            <source>No data: too few baseline and recent years</source>
            <translation>无数据：基准期和近期年数过少</translation>
        </message>
        <message>
            <source>No data: too few baseline years</source>
            <translation>无数据：基准期年数过少</translation>
        </message>
        <message>
            <source>No data: too few recent years</source>
            <translation>无数据：近期年数过少</translation>
        </message>
        <message>
            <source>No data: too few years</source>
            <translation>无数据：年数过少</translation>
        </message>
        <message>
            <source>No data: trajectory</source>
            <translation>无数据：轨迹</translation>
        </message>
        <message>
            <source>No data: trajectory and performance</source>
            <translation>无数据：轨迹和表现</translation>
        </message>
        <message>
            <source>No data: trajectory and state</source>
            <translation>无数据：轨迹和状态</translation>
        </message>
        <message>
            <source>No data: trajectory, state and performance</source>
            <translation>无数据：轨迹、状态和表现</translation>
        </message>
        <message>
            <source>No data: {count} cells</source>
            <translation>无数据：{count} 个像元</translation>
        </message>
        <message>
            <source>No date in the name “{name}”. Name the bands or files by date, such as 2000-02-18, 2000049 or 2000_02, or give a table of dates in “{parameter}”.</source>
            <translation>名称“{name}”中没有日期。请用日期为波段或文件命名，例如 2000-02-18、2000049 或 2000_02，或在“{parameter}”中给出日期表。</translation>
        </message>
        <message>
            <source>No date in the name “{name}”. Name the layers or bands by date, such as 2014, 2014-01 or 2014-01-31, or type the dates in “{parameter}”.</source>
            <translation>名称“{name}”中没有日期。请用日期为图层或波段命名，例如 2014、2014-01 或 2014-01-31，或在“{parameter}”中输入日期。</translation>
        </message>
        <message>
            <source>No drought</source>
            <translation>无旱</translation>
        </message>
        <message>
            <source>No feature of the city layer has a polygon. Choose another layer.</source>
            <translation>城市图层中没有任何要素具有面几何。请选择其他图层。</translation>
        </message>
        <message>
            <source>No feature of “{layer}” is selected: select some on the map.</source>
            <translation>“{layer}”没有选中的要素：请在地图上选择。</translation>
        </message>
        <message>
            <source>No files are being fetched. Search for data, select what you need in the results, and choose “Download”: the files come here, and go on where they stopped when QGIS is started again.</source>
            <translation>没有正在下载的文件。请搜索数据，在结果中选择所需的条目，然后选择“下载”：文件将列在此处，并在 QGIS 重新启动后从中断处继续。</translation>
        </message>
        <message>
            <source>No groups</source>
            <translation>不分组</translation>
        </message>
        <message>
            <source>No growth</source>
            <translation>无增长</translation>
        </message>
        <message>
            <source>No inhabitants at one end, so there is no PGR.</source>
            <translation>时段的一端没有居民，因此没有 PGR。</translation>
        </message>
        <message>
            <source>No input is known to forbid that its results are shared.</source>
            <translation>已知的输入均未禁止共享其结果。</translation>
        </message>
        <message>
            <source>No land cover has changed.</source>
            <translation>土地覆盖没有变化。</translation>
        </message>
        <message>
            <source>No land units are given: all cells are compared with each other, which suits only land of one kind.</source>
            <translation>没有给出土地单元：所有像元相互比较，这只适用于同一类土地。</translation>
        </message>
        <message>
            <source>No layer is a file of this computer</source>
            <translation>没有图层是本机的文件</translation>
        </message>
        <message>
            <source>No light</source>
            <translation>没有灯光</translation>
        </message>
        <message>
            <source>No light is left.</source>
            <translation>没有留下任何灯光。</translation>
        </message>
        <message>
            <source>No panchromatic light near</source>
            <translation>附近没有全色灯光</translation>
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
            <source>No result without {missing}: {cells} cells, {km2} km²</source>
            <translation>缺少 {missing} 而没有结果：{cells} 个像元，{km2} km²</translation>
        </message>
        <message>
            <source>No secure connection to {host}: {words} Check its certificate in QGIS's authentication settings.</source>
            <translation>无法与 {host} 建立安全连接：{words} 请在 QGIS 的身份验证设置中检查其证书。</translation>
        </message>
        <message>
            <source>No significant trend</source>
            <translation>无显著趋势</translation>
        </message>
        <message>
            <source>No sound match</source>
            <translation>没有可靠的匹配</translation>
        </message>
        <message>
            <source>No sub-indicator was given, so the report cannot tell which of them degrades the land.</source>
            <translation>没有给出子指标，因此报告无法说明是哪个子指标使土地退化。</translation>
        </message>
        <message>
            <source>No trend</source>
            <translation>无趋势</translation>
        </message>
        <message>
            <source>No trend: {count} dates, of which it takes at least {least}.</source>
            <translation>没有趋势：有 {count} 个日期，而至少需要 {least} 个。</translation>
        </message>
        <message>
            <source>No value is flagged, and there is no warning.</source>
            <translation>没有带标记的值，也没有警告。</translation>
        </message>
        <message>
            <source>No year in the name “{name}”. Type the years in “{parameter}”.</source>
            <translation>名称“{name}”中没有年份。请在“{parameter}”中输入年份。</translation>
        </message>
        <message>
            <source>No zone has a cell with data in any of the rasters. Check the CRS of both, and that they show the same region.</source>
            <translation>没有分区在任何栅格中有含数据的像元。请检查二者的坐标参照系，以及是否为同一地区。</translation>
        </message>
        <message>
            <source>No zone overlaps the raster {name}. Check the CRS of the zone layer and of the raster, and that both show the same region.</source>
            <translation>没有分区与栅格 {name} 重叠。请检查分区图层和栅格的坐标参照系，以及二者是否为同一地区。</translation>
        </message>
        <message>
            <source>No-data value</source>
            <translation>无数据值</translation>
        </message>
        <message>
            <source>None of the chosen catalogs lists cover by clouds.</source>
            <translation>所选目录均未提供云量。</translation>
        </message>
        <message>
            <source>None of the inputs given is missing</source>
            <translation>给出的输入均不缺少</translation>
        </message>
        <message>
            <source>None of the {count} zones holds the centre of a cell of {name}. Check that both show the same region, and the CRS of each.</source>
            <translation>{count} 个分区中没有一个包含 {name} 的像元中心。请检查二者是否为同一地区，以及各自的坐标参照系。</translation>
        </message>
        <message>
            <source>None of {count} files could be fetched. The first: {words}</source>
            <translation>{count} 个文件均无法下载。第一个的原因：{words}</translation>
        </message>
        <message>
            <source>Normalisation by stable cells</source>
            <translation>利用稳定像元归一化</translation>
        </message>
        <message>
            <source>Not checked</source>
            <translation>未检查</translation>
        </message>
        <message>
            <source>Not checked since QGIS was started.</source>
            <translation>QGIS 启动后尚未检查。</translation>
        </message>
        <message>
            <source>Not electrified</source>
            <translation>未通电</translation>
        </message>
        <message>
            <source>Not saturated</source>
            <translation>未饱和</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>备注</translation>
        </message>
        <message>
            <source>Notes on the data</source>
            <translation>数据说明</translation>
        </message>
        <message>
            <source>Nothing answers these filters. Clear the words, or choose all collections.</source>
            <translation>没有符合这些筛选条件的数据。请清除词语，或选择全部集合。</translation>
        </message>
        <message>
            <source>Nothing by land type is written: “{parameter}” is empty.</source>
            <translation>没有写出按土地类型的结果：“{parameter}”为空。</translation>
        </message>
        <message>
            <source>Nothing is missing.</source>
            <translation>没有缺失。</translation>
        </message>
        <message>
            <source>Nothing is missing: every cell of the area has a value.</source>
            <translation>没有缺失：范围内每个像元都有值。</translation>
        </message>
        <message>
            <source>Nothing was found, and leaving out one part of the search does not help. Choose other catalogs or another theme.</source>
            <translation>没有找到任何条目，去掉任何一个搜索条件也无济于事。请选择其他目录或主题。</translation>
        </message>
        <message>
            <source>Nothing was found. Looking for what would give results…</source>
            <translation>没有找到任何条目。正在查找怎样才会有结果…</translation>
        </message>
        <message>
            <source>Nothing was found. With less, there would be something:</source>
            <translation>没有找到任何条目。减少条件则会有结果：</translation>
        </message>
        <message>
            <source>Nothing was shared: this was a check.</source>
            <translation>没有共享任何内容：这只是检查。</translation>
        </message>
        <message>
            <source>Number of blocks of years</source>
            <translation>年段数</translation>
        </message>
        <message>
            <source>Number of cities</source>
            <translation>城市数</translation>
        </message>
        <message>
            <source>Number of classes</source>
            <translation>等级数</translation>
        </message>
        <message>
            <source>Number of dates</source>
            <translation>日期数</translation>
        </message>
        <message>
            <source>Number of failures</source>
            <translation>失败的文件数</translation>
        </message>
        <message>
            <source>Number of files</source>
            <translation>文件数</translation>
        </message>
        <message>
            <source>Number of first and of last years (fao_wocat)</source>
            <translation>最初和最后各取的年数（fao_wocat）</translation>
        </message>
        <message>
            <source>Number of items found</source>
            <translation>找到的条目数</translation>
        </message>
        <message>
            <source>Number of land units</source>
            <translation>土地单元数</translation>
        </message>
        <message>
            <source>Number of lit cells</source>
            <translation>有灯光像元数</translation>
        </message>
        <message>
            <source>Number of patches refused</source>
            <translation>不予使用的分块数</translation>
        </message>
        <message>
            <source>Number of patches used</source>
            <translation>使用的分块数</translation>
        </message>
        <message>
            <source>Number of scenes</source>
            <translation>景数</translation>
        </message>
        <message>
            <source>Number of urban centres</source>
            <translation>城市中心数</translation>
        </message>
        <message>
            <source>Number of urban clusters</source>
            <translation>城市集群数</translation>
        </message>
        <message>
            <source>Number of years</source>
            <translation>年数</translation>
        </message>
        <message>
            <source>Number of zones</source>
            <translation>分区数</translation>
        </message>
        <message>
            <source>Numbers of cloud-free observations, for the same dates</source>
            <translation>相同日期的无云观测次数</translation>
        </message>
        <message>
            <source>OK</source>
            <translation>正常</translation>
        </message>
        <message>
            <source>Of the light of lit cells (%)</source>
            <translation>在有灯光像元灯光中的占比（%）</translation>
        </message>
        <message>
            <source>Of the lit area (%)</source>
            <translation>在亮区面积中的占比（%）</translation>
        </message>
        <message>
            <source>Of the lit cells (%)</source>
            <translation>在有灯光像元中的占比（%）</translation>
        </message>
        <message>
            <source>Of {count} cells lit in two bands only {percent} % are near panchromatic light. Are both rasters of the same scene?</source>
            <translation>在两个波段有灯光的 {count} 个像元中，只有 {percent} % 附近有全色灯光。两个栅格是同一景吗？</translation>
        </message>
        <message>
            <source>Offset of the normalisation</source>
            <translation>归一化的截距</translation>
        </message>
        <message>
            <source>On the last date less of the zone has data than on other dates.</source>
            <translation>最后一个日期该分区有数据的面积小于其他日期。</translation>
        </message>
        <message>
            <source>On the last date no cell of the zone has data.</source>
            <translation>最后一个日期该分区没有像元有数据。</translation>
        </message>
        <message>
            <source>On the last date no cell of the zone is lit.</source>
            <translation>最后一个日期该分区没有任何像元有灯光。</translation>
        </message>
        <message>
            <source>One interval only: there is no series to draw yet.</source>
            <translation>只有一个时段：尚无序列可绘制。</translation>
        </message>
        <message>
            <source>One out, all out: land is degraded where land productivity, land cover or soil organic carbon is. All areas are true areas on the ellipsoid.</source>
            <translation>一项退化即退化：土地生产力、土地覆盖或土壤有机碳任一退化，土地即为退化。所有面积均为椭球面上的真实面积。</translation>
        </message>
        <message>
            <source>One server a line. The credentials go to the catalog's own server and to these, and to no other.</source>
            <translation>每行一个服务器。凭据只发送到目录自身的服务器和这些服务器，不会发送到其他服务器。</translation>
        </message>
        <message>
            <source>Only clouds of points as COPC can be read in parts: it is fetched first.</source>
            <translation>点云只有 COPC 格式能分段读取：须先下载。</translation>
        </message>
        <message>
            <source>Only rasters that are read in parts can be cut.</source>
            <translation>只有能分段读取的栅格才能裁剪。</translation>
        </message>
        <message>
            <source>Only the first {count} items were sorted: search for less.</source>
            <translation>只对前 {count} 个条目作了排序：请缩小搜索范围。</translation>
        </message>
        <message>
            <source>Only the part of rasters in this area</source>
            <translation>只取栅格在此区域内的部分</translation>
        </message>
        <message>
            <source>Only {both} cells are lit, and not saturated, in both {before} (from {lit} on: {lit_cells} cells) and {scene} (from {lit_scene} on: {lit_scene_cells} cells); normalising takes at least {least}. Lower the thresholds, check that both show the same region, or do not normalise.</source>
            <translation>在 {before}（从 {lit} 起有灯光：{lit_cells} 个像元）和 {scene}（从 {lit_scene} 起有灯光：{lit_scene_cells} 个像元）中都有灯光且未饱和的像元只有 {both} 个；归一化至少需要 {least} 个。请降低阈值，检查二者是否为同一地区，或不作归一化。</translation>
        </message>
        <message>
            <source>Only {cells} cells of {panchromatic} are lit (above {threshold}) where {colours} has data, or all alike: too little to relate the two. Check that both show the same scene, or lower the value from which cells count as lit.</source>
            <translation>在 {colours} 有数据之处，{panchromatic} 只有 {cells} 个像元有灯光（高于 {threshold}），或其值全部相同：不足以建立二者的关系。请检查二者是否为同一景，或降低有灯光的起始值。</translation>
        </message>
        <message>
            <source>Only {count} years: with fewer than 8 the Mann-Kendall test finds hardly any trend, so “stable” means little.</source>
            <translation>只有 {count} 年：少于 8 年时 Mann-Kendall 检验几乎找不到趋势，因此“稳定”意义不大。</translation>
        </message>
        <message>
            <source>Open EO</source>
            <translation>Open EO</translation>
        </message>
        <message>
            <source>Open draft…</source>
            <translation>打开草稿…</translation>
        </message>
        <message>
            <source>Open its page in a browser</source>
            <translation>在浏览器中打开其网页</translation>
        </message>
        <message>
            <source>Open page</source>
            <translation>打开网页</translation>
        </message>
        <message>
            <source>Open the folder</source>
            <translation>打开文件夹</translation>
        </message>
        <message>
            <source>Opening layers</source>
            <translation>正在打开图层</translation>
        </message>
        <message>
            <source>Or: file or address of an item, or of an item collection</source>
            <translation>或：条目或条目集合的文件或地址</translation>
        </message>
        <message>
            <source>Order</source>
            <translation>排序</translation>
        </message>
        <message>
            <source>Order of the catalog</source>
            <translation>目录的顺序</translation>
        </message>
        <message>
            <source>Organisation that made the data</source>
            <translation>生产数据的机构</translation>
        </message>
        <message>
            <source>Other land</source>
            <translation>其他土地</translation>
        </message>
        <message>
            <source>Other light</source>
            <translation>其他灯光</translation>
        </message>
        <message>
            <source>Outline new patches from (ha)</source>
            <translation>勾绘轮廓的新斑块最小面积（ha）</translation>
        </message>
        <message>
            <source>Outline parts of the extent from (km²)</source>
            <translation>勾绘轮廓的城市范围部分最小面积（km²）</translation>
        </message>
        <message>
            <source>Outlying (LEI 0)</source>
            <translation>飞地式（LEI 为 0）</translation>
        </message>
        <message>
            <source>Output (int16: index × 10000)</source>
            <translation>输出（int16：指数 × 10000）</translation>
        </message>
        <message>
            <source>Own period</source>
            <translation>自定义时段</translation>
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
            <source>Pan-sharpen night light</source>
            <translation>夜间灯光全色锐化</translation>
        </message>
        <message>
            <source>Pan-sharpened night light</source>
            <translation>全色锐化后的夜间灯光</translation>
        </message>
        <message>
            <source>Panchromatic band (empty: HDR, else the first)</source>
            <translation>全色波段（空：HDR，否则第一个波段）</translation>
        </message>
        <message>
            <source>Panchromatic raster (GIU, 10 m)</source>
            <translation>全色栅格（GIU，10 m）</translation>
        </message>
        <message>
            <source>Panchromatic raster of the same scene</source>
            <translation>同一景的全色栅格</translation>
        </message>
        <message>
            <source>Panchromatic raster, with smaller cells</source>
            <translation>像元更小的全色栅格</translation>
        </message>
        <message>
            <source>Panchromatic value above which cells are lit (empty: found)</source>
            <translation>全色值高于此值的像元为有灯光（空：自动求得）</translation>
        </message>
        <message>
            <source>Parameters</source>
            <translation>参数</translation>
        </message>
        <message>
            <source>Part of a small group</source>
            <translation>小斑块的一部分</translation>
        </message>
        <message>
            <source>Part of the zone lies outside a raster.</source>
            <translation>该分区部分位于某一栅格之外。</translation>
        </message>
        <message>
            <source>Part of the zone lies outside the indicator's raster.</source>
            <translation>该分区部分位于指标栅格之外。</translation>
        </message>
        <message>
            <source>Parts of the extent, last date</source>
            <translation>城市范围的部分数，最后一个时相</translation>
        </message>
        <message>
            <source>Paste any address of a catalog</source>
            <translation>可粘贴任意目录的地址</translation>
        </message>
        <message>
            <source>Patches</source>
            <translation>斑块数</translation>
        </message>
        <message>
            <source>Patches are found with the Python library scipy, which is not installed. Install it (Debian, Ubuntu: python3-scipy), or keep patches of one cell.</source>
            <translation>查找斑块需要 Python 库 scipy，但尚未安装。请安装它（Debian、Ubuntu：python3-scipy），或保留单像元斑块（最小像元数取 1）。</translation>
        </message>
        <message>
            <source>Pause</source>
            <translation>暂停</translation>
        </message>
        <message>
            <source>Pause all</source>
            <translation>全部暂停</translation>
        </message>
        <message>
            <source>Paused</source>
            <translation>已暂停</translation>
        </message>
        <message>
            <source>People</source>
            <translation>人口</translation>
        </message>
        <message>
            <source>People and area by class</source>
            <translation>各类别人口和面积</translation>
        </message>
        <message>
            <source>People in electrified cells</source>
            <translation>通电像元中的人口</translation>
        </message>
        <message>
            <source>People in electrified cells (%)</source>
            <translation>通电像元中的人口（%）</translation>
        </message>
        <message>
            <source>People in electrified cells by zone.</source>
            <translation>各分区通电像元中的人口。</translation>
        </message>
        <message>
            <source>People in lit cells</source>
            <translation>有灯光像元中的人口</translation>
        </message>
        <message>
            <source>People in lit cells by threshold.</source>
            <translation>各阈值下有灯光像元中的人口。</translation>
        </message>
        <message>
            <source>People in other cells</source>
            <translation>其他像元中的人口</translation>
        </message>
        <message>
            <source>People on cells with data</source>
            <translation>有数据像元上的人口</translation>
        </message>
        <message>
            <source>People on cells without data</source>
            <translation>无数据像元上的人口</translation>
        </message>
        <message>
            <source>People on degraded land</source>
            <translation>退化土地上的人口</translation>
        </message>
        <message>
            <source>People where the light has no data</source>
            <translation>灯光无数据处的人口</translation>
        </message>
        <message>
            <source>People where the light has no data are</source>
            <translation>灯光无数据处的人口视为</translation>
        </message>
        <message>
            <source>People whose light fell</source>
            <translation>灯光下降的人口</translation>
        </message>
        <message>
            <source>People whose light fell (%)</source>
            <translation>灯光下降的人口（%）</translation>
        </message>
        <message>
            <source>People whose light fell, of those on cells with data (%)</source>
            <translation>灯光下降的人口，占有数据像元上人口的比例（%）</translation>
        </message>
        <message>
            <source>People whose light fell: {percent} %</source>
            <translation>灯光下降的人口：{percent} %</translation>
        </message>
        <message>
            <source>Percentile (for that statistic)</source>
            <translation>百分位数（用于该统计量）</translation>
        </message>
        <message>
            <source>Percentile of a square that is its stray light</source>
            <translation>作为方格杂散光的百分位数</translation>
        </message>
        <message>
            <source>Percentile of a unit that stands for its potential</source>
            <translation>代表单元潜力的百分位数</translation>
        </message>
        <message>
            <source>Percentile of lit cells that is full light</source>
            <translation>作为满亮度的有灯光像元百分位数</translation>
        </message>
        <message>
            <source>Period</source>
            <translation>时段</translation>
        </message>
        <message>
            <source>Period for the report's heading, such as 2000–2015</source>
            <translation>报告标题中的时期，例如 2000–2015</translation>
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
            <source>Persons exposed to drought</source>
            <translation>受干旱影响的人口</translation>
        </message>
        <message>
            <source>Persons exposed, last block</source>
            <translation>最后一个年段的受影响人口</translation>
        </message>
        <message>
            <source>Persons exposed, of those on cells with data (%)</source>
            <translation>受影响人口，占有数据像元上人口的比例（%）</translation>
        </message>
        <message>
            <source>Persons on cells with data</source>
            <translation>有数据像元上的人口（人）</translation>
        </message>
        <message>
            <source>Persons on cells without data</source>
            <translation>无数据像元上的人口（人）</translation>
        </message>
        <message>
            <source>Persons on degraded land</source>
            <translation>退化土地上的人口</translation>
        </message>
        <message>
            <source>Persons on degraded land, of land with data (%)</source>
            <translation>退化土地上的人口，占有数据土地上人口的比例（%）</translation>
        </message>
        <message>
            <source>Persons on improved land</source>
            <translation>改善土地上的人口</translation>
        </message>
        <message>
            <source>Persons on inland water</source>
            <translation>内陆水体上的人口</translation>
        </message>
        <message>
            <source>Persons on land without data</source>
            <translation>无数据土地上的人口</translation>
        </message>
        <message>
            <source>Persons on stable land</source>
            <translation>稳定土地上的人口</translation>
        </message>
        <message>
            <source>Persons on the cells of the NLDI</source>
            <translation>NLDI 所计像元上的人口</translation>
        </message>
        <message>
            <source>Pieces of stripes: {count}</source>
            <translation>条带段：{count}</translation>
        </message>
        <message>
            <source>Places known with and without electricity (midpoint)</source>
            <translation>已知有电和无电的地点（midpoint）</translation>
        </message>
        <message>
            <source>Points with names of places</source>
            <translation>地名点</translation>
        </message>
        <message>
            <source>Polygon drawn on the map</source>
            <translation>在地图上绘制的多边形</translation>
        </message>
        <message>
            <source>Polygons of land or water, instead</source>
            <translation>代替栅格的陆地或水体多边形</translation>
        </message>
        <message>
            <source>Polygons show</source>
            <translation>多边形表示</translation>
        </message>
        <message>
            <source>Population</source>
            <translation>人口</translation>
        </message>
        <message>
            <source>Population (persons per cell)</source>
            <translation>人口（每像元人数）</translation>
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
            <source>Population cells hold (density: persons per km²)</source>
            <translation>人口像元的值（density：每 km² 人数）</translation>
        </message>
        <message>
            <source>Population fields of the cities, one per epoch, instead</source>
            <translation>或改用城市的人口字段，每个时相一个</translation>
        </message>
        <message>
            <source>Population of the last epoch</source>
            <translation>最后一个时相的人口</translation>
        </message>
        <message>
            <source>Population per km²</source>
            <translation>每 km² 人口</translation>
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
            <source>Preparing downloads</source>
            <translation>正在准备下载</translation>
        </message>
        <message>
            <source>Preset</source>
            <translation>预设系数</translation>
        </message>
        <message>
            <source>Preset {preset}: {source} {warning} Public sets of coefficients disagree; the choice alone moves limits between kinds of light by up to 60 %. Use the product's calib.xml where you can.</source>
            <translation>预设系数 {preset}：{source} {warning} 公开的各套系数互相矛盾；仅系数的选择就会使不同灯光之间的界限移动多达 60 %。请尽可能使用产品的 calib.xml。</translation>
        </message>
        <message>
            <source>Problems</source>
            <translation>问题</translation>
        </message>
        <message>
            <source>Product: an archive, a folder, or a file of the folder</source>
            <translation>产品：压缩包、文件夹，或文件夹中的一个文件</translation>
        </message>
        <message>
            <source>Productivity degraded, km²</source>
            <translation>生产力退化，km²</translation>
        </message>
        <message>
            <source>Productivity performance</source>
            <translation>生产力表现</translation>
        </message>
        <message>
            <source>Productivity performance (SDG 15.3.1)</source>
            <translation>生产力表现（SDG 15.3.1）</translation>
        </message>
        <message>
            <source>Productivity performance (components)</source>
            <translation>生产力表现（components）</translation>
        </message>
        <message>
            <source>Productivity state</source>
            <translation>生产力状态</translation>
        </message>
        <message>
            <source>Productivity state (SDG 15.3.1)</source>
            <translation>生产力状态（SDG 15.3.1）</translation>
        </message>
        <message>
            <source>Productivity state (components)</source>
            <translation>生产力状态（components）</translation>
        </message>
        <message>
            <source>Productivity trajectory</source>
            <translation>生产力轨迹</translation>
        </message>
        <message>
            <source>Productivity trajectory (SDG 15.3.1)</source>
            <translation>生产力轨迹（SDG 15.3.1）</translation>
        </message>
        <message>
            <source>Productivity trajectory (components)</source>
            <translation>生产力轨迹（components）</translation>
        </message>
        <message>
            <source>Properties</source>
            <translation>属性</translation>
        </message>
        <message>
            <source>Property</source>
            <translation>属性</translation>
        </message>
        <message>
            <source>Proportion of</source>
            <translation>比例的分母</translation>
        </message>
        <message>
            <source>Proportion of land that is degraded over total land area.</source>
            <translation>退化土地占土地总面积的比例。</translation>
        </message>
        <message>
            <source>Protocol</source>
            <translation>协议</translation>
        </message>
        <message>
            <source>Provinces (sample)</source>
            <translation>省份（示例）</translation>
        </message>
        <message>
            <source>Python snippet</source>
            <translation>Python 代码片段</translation>
        </message>
        <message>
            <source>Quality rasters, one for each composite or one for all</source>
            <translation>质量栅格，每期合成影像一个，或全部共用一个</translation>
        </message>
        <message>
            <source>Quality values that are used</source>
            <translation>允许使用的质量值</translation>
        </message>
        <message>
            <source>Radiance</source>
            <translation>辐亮度</translation>
        </message>
        <message>
            <source>Rank by net restored land</source>
            <translation>按净恢复土地的位次</translation>
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
            <source>Raster of a TIS or MII scene</source>
            <translation>TIS 或 MII 影像的栅格</translation>
        </message>
        <message>
            <source>Raster of lights</source>
            <translation>灯光栅格</translation>
        </message>
        <message>
            <source>Raster with stored numbers</source>
            <translation>保存原始记录数值的栅格</translation>
        </message>
        <message>
            <source>Rasters</source>
            <translation>栅格</translation>
        </message>
        <message>
            <source>Rasters of the scenes, by date</source>
            <translation>各景的栅格，按日期</translation>
        </message>
        <message>
            <source>Rasters, by date</source>
            <translation>栅格，按日期</translation>
        </message>
        <message>
            <source>Rasters…</source>
            <translation>栅格…</translation>
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
            <source>Reading My data</source>
            <translation>正在读取“我的数据”</translation>
        </message>
        <message>
            <source>Reading a draft</source>
            <translation>正在读取草稿</translation>
        </message>
        <message>
            <source>Reading an item</source>
            <translation>正在读取条目</translation>
        </message>
        <message>
            <source>Reading the selected features</source>
            <translation>正在读取选中的要素</translation>
        </message>
        <message>
            <source>Reading the selected features…</source>
            <translation>正在读取选中的要素…</translation>
        </message>
        <message>
            <source>Reason</source>
            <translation>原因</translation>
        </message>
        <message>
            <source>Reason: {value}</source>
            <translation>原因：{value}</translation>
        </message>
        <message>
            <source>Rebuild the index</source>
            <translation>重建索引</translation>
        </message>
        <message>
            <source>Rebuilding the index of My data</source>
            <translation>正在重建“我的数据”的索引</translation>
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
            <source>Recoded in the error polygons, {period}: {cells} cells</source>
            <translation>误差多边形内重编码，{period}：{cells} 个像元</translation>
        </message>
        <message>
            <source>Records</source>
            <translation>Records</translation>
        </message>
        <message>
            <source>Red type</source>
            <translation>红色型</translation>
        </message>
        <message>
            <source>Red type: R / G above</source>
            <translation>红色型：R / G 高于</translation>
        </message>
        <message>
            <source>Red, where colours are rasters of their own</source>
            <translation>红波段（各颜色为单独栅格时）</translation>
        </message>
        <message>
            <source>Reference raster, such as another date (empty: bands only)</source>
            <translation>参考栅格，例如另一日期（空：只配准波段）</translation>
        </message>
        <message>
            <source>Refuse maps with unknown codes on more than this share (0–1)</source>
            <translation>未知代码的面积占比超过此值时拒绝该图（0–1）</translation>
        </message>
        <message>
            <source>Refuse matches less than so many times as good as the second best</source>
            <translation>匹配不足次优匹配这么多倍时不予接受</translation>
        </message>
        <message>
            <source>Refuse shifts of more cells than this</source>
            <translation>整体位移超过这么多像元时不予接受</translation>
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
            <source>Register bands onto the green one</source>
            <translation>把各波段对齐到绿波段</translation>
        </message>
        <message>
            <source>Register night light</source>
            <translation>夜间灯光配准</translation>
        </message>
        <message>
            <source>Registered night light</source>
            <translation>配准后的夜间灯光</translation>
        </message>
        <message>
            <source>Relink…</source>
            <translation>重新关联…</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>移除</translation>
        </message>
        <message>
            <source>Remove all that have ended</source>
            <translation>移除所有已结束的</translation>
        </message>
        <message>
            <source>Remove from the list; files stay</source>
            <translation>从列表中移除（保留文件）</translation>
        </message>
        <message>
            <source>Remove this filter</source>
            <translation>移除此筛选</translation>
        </message>
        <message>
            <source>Remove {names} from the list? The catalog itself, its credentials, and what was fetched from it stay.</source>
            <translation>要从列表中移除 {names} 吗？目录本身、其凭据以及已从中下载的内容均予保留。</translation>
        </message>
        <message>
            <source>Removing a draft</source>
            <translation>正在移除草稿</translation>
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
            <source>Report units with fewer cells than this</source>
            <translation>报告像元少于此数的单元</translation>
        </message>
        <message>
            <source>Report, baseline</source>
            <translation>报告，基线</translation>
        </message>
        <message>
            <source>Report, reporting period</source>
            <translation>报告，报告期</translation>
        </message>
        <message>
            <source>Reporting period</source>
            <translation>报告期</translation>
        </message>
        <message>
            <source>Reporting period {number}, {first}–{last}</source>
            <translation>报告期 {number}，{first}–{last}</translation>
        </message>
        <message>
            <source>Reporting period: land cover change</source>
            <translation>报告期：土地覆盖变化</translation>
        </message>
        <message>
            <source>Reporting period: land degradation</source>
            <translation>报告期：土地退化</translation>
        </message>
        <message>
            <source>Reporting period: land productivity dynamics</source>
            <translation>报告期：土地生产力动态</translation>
        </message>
        <message>
            <source>Reporting period: soil organic carbon</source>
            <translation>报告期：土壤有机碳</translation>
        </message>
        <message>
            <source>Reporting periods, one raster each</source>
            <translation>报告期，每期一个栅格</translation>
        </message>
        <message>
            <source>Request: {value}</source>
            <translation>请求：{value}</translation>
        </message>
        <message>
            <source>Resampled</source>
            <translation>重采样</translation>
        </message>
        <message>
            <source>Resampling</source>
            <translation>重采样</translation>
        </message>
        <message>
            <source>Residual scale of these cells</source>
            <translation>这些像元的残差尺度</translation>
        </message>
        <message>
            <source>Resolution</source>
            <translation>分辨率</translation>
        </message>
        <message>
            <source>Restore presets</source>
            <translation>恢复预设连接</translation>
        </message>
        <message>
            <source>Restore presets…</source>
            <translation>恢复预设连接…</translation>
        </message>
        <message>
            <source>Restored (% of land)</source>
            <translation>恢复（占土地 %）</translation>
        </message>
        <message>
            <source>Restored (km²)</source>
            <translation>恢复（km²）</translation>
        </message>
        <message>
            <source>Results</source>
            <translation>结果</translation>
        </message>
        <message>
            <source>Resume</source>
            <translation>继续</translation>
        </message>
        <message>
            <source>Resume all</source>
            <translation>全部继续</translation>
        </message>
        <message>
            <source>Role</source>
            <translation>用途</translation>
        </message>
        <message>
            <source>Row</source>
            <translation>行</translation>
        </message>
        <message>
            <source>Row, class</source>
            <translation>行，类别</translation>
        </message>
        <message>
            <source>Rows and columns of a patch</source>
            <translation>分块的行数和列数</translation>
        </message>
        <message>
            <source>Rows on either side of a stripe's middle</source>
            <translation>条带中线两侧的行数</translation>
        </message>
        <message>
            <source>Rules for semi-dense clusters</source>
            <translation>半稠密集群的规则</translation>
        </message>
        <message>
            <source>Rules of level 2</source>
            <translation>二级的规则</translation>
        </message>
        <message>
            <source>Rural</source>
            <translation>乡村</translation>
        </message>
        <message>
            <source>Rural area</source>
            <translation>乡村</translation>
        </message>
        <message>
            <source>Rural built-up</source>
            <translation>乡村建成区</translation>
        </message>
        <message>
            <source>Rural cluster</source>
            <translation>乡村集群</translation>
        </message>
        <message>
            <source>Rural open land</source>
            <translation>乡村开放用地</translation>
        </message>
        <message>
            <source>Rural open water</source>
            <translation>乡村开放水面</translation>
        </message>
        <message>
            <source>R² of these cells</source>
            <translation>这些像元的 R²</translation>
        </message>
        <message>
            <source>SD</source>
            <translation>标准差</translation>
        </message>
        <message>
            <source>SDG 11.3.1 Urban land use</source>
            <translation>SDG 11.3.1 城市土地利用</translation>
        </message>
        <message>
            <source>SDG 11.3.1 built-up and population</source>
            <translation>SDG 11.3.1 建成区与人口</translation>
        </message>
        <message>
            <source>SDG 15.3.1 Land degradation</source>
            <translation>SDG 15.3.1 土地退化</translation>
        </message>
        <message>
            <source>SDG 15.3.1 land degradation</source>
            <translation>SDG 15.3.1 土地退化</translation>
        </message>
        <message>
            <source>SDG Data Catalog</source>
            <translation>SDG 数据目录</translation>
        </message>
        <message>
            <source>SDG indicator 11.3.1</source>
            <translation>SDG 指标 11.3.1</translation>
        </message>
        <message>
            <source>SDG indicator 15.3.1</source>
            <translation>SDG 指标 15.3.1</translation>
        </message>
        <message>
            <source>SDG indicator 15.3.1, land cover</source>
            <translation>SDG 指标 15.3.1，土地覆盖</translation>
        </message>
        <message>
            <source>SDG indicator 7.1.1, from night light</source>
            <translation>SDG 指标 7.1.1，由夜间灯光估算</translation>
        </message>
        <message>
            <source>SDG indicator, such as 15.3.1</source>
            <translation>SDG 指标，例如 15.3.1</translation>
        </message>
        <message>
            <source>SDG,11.3.1,UN-Habitat,urban extent,city,boundary,built-up,suburban,fringe,open space,walking distance,sprawl</source>
            <translation>SDG,11.3.1,可持续发展目标,联合国人居署,城市范围,城市,边界,建成区,郊区,边缘,开放空间,步行距离,城市扩张</translation>
        </message>
        <message>
            <source>SDG,11.3.1,urban growth,expansion,sprawl,infill,extension,leapfrog,inclusion,landscape expansion index,LEI,patches</source>
            <translation>SDG,11.3.1,可持续发展目标,城市增长,扩张,城市扩张,填充,外延,跳跃,纳入,景观扩张指数,LEI,斑块</translation>
        </message>
        <message>
            <source>SDG,11.3.1,urban,city,land consumption,population growth,LCRPGR,DEGURBA,urban centre,model</source>
            <translation>SDG,11.3.1,可持续发展目标,城市,土地消耗,土地利用效率,人口增长,LCRPGR,DEGURBA,城市化程度,城市中心,模型</translation>
        </message>
        <message>
            <source>SDG,11.3.1,urban,city,land consumption,population growth,LCRPGR,LCR,PGR,built-up,settlement,GHSL,sprawl</source>
            <translation>SDG,11.3.1,可持续发展目标,城市,土地消耗,土地利用效率,人口增长,LCRPGR,LCR,PGR,建成区,居民地,GHSL,城市扩张</translation>
        </message>
        <message>
            <source>SDG,11.3.1,urban,city,land consumption,population growth,LCRPGR,UN-Habitat,urban extent,model</source>
            <translation>SDG,11.3.1,可持续发展目标,城市,土地消耗,土地利用效率,人口增长,LCRPGR,联合国人居署,城市范围,模型</translation>
        </message>
        <message>
            <source>SDG,15.3.1,LDN,land degradation neutrality,counterbalancing,gains,losses,restored,ranking,error recode,UNCCD</source>
            <translation>SDG,15.3.1,可持续发展目标,LDN,土地退化零增长,土地退化中性,抵消,增益,损失,恢复,排名,误差重编码,UNCCD</translation>
        </message>
        <message>
            <source>SDG,15.3.1,NDVI,EVI,vegetation,composite,annual,growing season,integral,MODIS,quality</source>
            <translation>SDG,15.3.1,可持续发展目标,NDVI,EVI,植被,植被指数,合成影像,年度,生长季,积分,MODIS,质量</translation>
        </message>
        <message>
            <source>SDG,15.3.1,drought,SPI,SPEI,precipitation,hazard,exposure,population,UNCCD,SO3</source>
            <translation>SDG,15.3.1,可持续发展目标,干旱,SPI,SPEI,降水,危险性,暴露,人口,UNCCD,SO3</translation>
        </message>
        <message>
            <source>SDG,15.3.1,land cover,land use,transition,change,degradation,legend,ESA CCI,CORINE,UNCCD,LDN</source>
            <translation>SDG,15.3.1,可持续发展目标,土地覆盖,土地利用,转移,变化,退化,图例,ESA CCI,CORINE,UNCCD,LDN</translation>
        </message>
        <message>
            <source>SDG,15.3.1,land degradation,neutrality,LDN,UNCCD,PRAIS,productivity,model</source>
            <translation>SDG,15.3.1,可持续发展目标,土地退化,土地退化零增长,零增长,LDN,UNCCD,PRAIS,生产力,模型</translation>
        </message>
        <message>
            <source>SDG,15.3.1,land degradation,one-out-all-out,indicator,productivity,land cover,soil organic carbon,UNCCD,LDN</source>
            <translation>SDG,15.3.1,可持续发展目标,土地退化,一项退化即退化,指标,土地生产力,土地覆盖,土壤有机碳,UNCCD,LDN</translation>
        </message>
        <message>
            <source>SDG,15.3.1,land degradation,proportion,summary,statistics,province,country,UNCCD,LDN,report</source>
            <translation>SDG,15.3.1,可持续发展目标,土地退化,退化比例,汇总,分区统计,省份,国家,UNCCD,LDN,报告</translation>
        </message>
        <message>
            <source>SDG,15.3.1,land degradation,status,baseline,reporting period,persistent,recent,UNCCD,LDN</source>
            <translation>SDG,15.3.1,可持续发展目标,土地退化,状态,基线,报告期,持续退化,近期退化,UNCCD,LDN</translation>
        </message>
        <message>
            <source>SDG,15.3.1,land productivity dynamics,LPD,productivity,FAO,WOCAT,JRC,trajectory,state,performance,degradation</source>
            <translation>SDG,15.3.1,可持续发展目标,土地生产力动态,LPD,生产力,FAO,WOCAT,JRC,轨迹,状态,表现,退化</translation>
        </message>
        <message>
            <source>SDG,15.3.1,productivity,performance,NDVI,vegetation,land units,soil,degradation</source>
            <translation>SDG,15.3.1,可持续发展目标,生产力,表现,NDVI,植被,土地单元,土壤,退化</translation>
        </message>
        <message>
            <source>SDG,15.3.1,productivity,state,NDVI,vegetation,recent change,degradation</source>
            <translation>SDG,15.3.1,可持续发展目标,生产力,状态,NDVI,植被,近期变化,退化</translation>
        </message>
        <message>
            <source>SDG,15.3.1,productivity,trajectory,trend,NDVI,Mann-Kendall,RESTREND,rain use efficiency,degradation</source>
            <translation>SDG,15.3.1,可持续发展目标,生产力,轨迹,趋势,NDVI,Mann-Kendall,RESTREND,雨水利用效率,退化</translation>
        </message>
        <message>
            <source>SDG,15.3.1,soil,carbon,SOC,stock,land cover,climate zone,IPCC,degradation,UNCCD,LDN</source>
            <translation>SDG,15.3.1,可持续发展目标,土壤,碳,土壤有机碳,SOC,碳储量,土地覆盖,气候带,IPCC,退化,UNCCD,LDN</translation>
        </message>
        <message>
            <source>SDG,7.1.1,electrification,access to electricity,night light,population,gridfinder,VIIRS,SDGSAT</source>
            <translation>SDG,7.1.1,可持续发展目标,通电率,电气化,用电,夜间灯光,夜光,人口,gridfinder,VIIRS,SDGSAT</translation>
        </message>
        <message>
            <source>SDGSAT,SDGSAT-1,KX10,GIU,TIS,MII,night light,archive,unpack,catalog,my data</source>
            <translation>SDGSAT,SDGSAT-1,KX10,GIU,TIS,MII,夜间灯光,夜光,压缩包,解压,导入,目录,我的数据</translation>
        </message>
        <message>
            <source>SDGSAT,SDGSAT-1,KX10,GLI,GIU,glimmer,night light,TIS,MII,import,archive,half swath</source>
            <translation>SDGSAT,SDGSAT-1,KX10,GLI,GIU,微光,夜间灯光,夜光,TIS,MII,导入,压缩包,半幅</translation>
        </message>
        <message>
            <source>SDGSAT,night light,noise,stripes,salt and pepper,background,stray light,panchromatic,denoise,destripe</source>
            <translation>SDGSAT,夜间灯光,夜光,噪声,条带,椒盐噪声,背景,杂散光,全色,去噪,去条带</translation>
        </message>
        <message>
            <source>SDGSAT,night light,radiance,calibration,gain,bias,brightness temperature,TIS,MII,saturation,nanowatt</source>
            <translation>SDGSAT,夜间灯光,夜光,辐亮度,定标,辐射定标,增益,偏置,亮度温度,TIS,MII,饱和,nanowatt</translation>
        </message>
        <message>
            <source>SDGSAT,night light,registration,co-registration,alignment,shift,phase correlation,bands,dates</source>
            <translation>SDGSAT,夜间灯光,夜光,配准,影像配准,对齐,位移,相位相关,波段,日期</translation>
        </message>
        <message>
            <source>SDGSAT-1 archive…</source>
            <translation>SDGSAT-1 压缩包…</translation>
        </message>
        <message>
            <source>SPI is taken as value / {scale}.</source>
            <translation>SPI 取为 值 / {scale}。</translation>
        </message>
        <message>
            <source>STAC API</source>
            <translation>STAC API</translation>
        </message>
        <message>
            <source>STAC JSON</source>
            <translation>STAC JSON</translation>
        </message>
        <message>
            <source>STAC catalogs need the Python library {name}, which this QGIS does not have. Install it, then restart QGIS.</source>
            <translation>STAC 目录需要 Python 库 {name}，但此 QGIS 中没有。请安装它，然后重新启动 QGIS。</translation>
        </message>
        <message>
            <source>STAC files</source>
            <translation>STAC 文件</translation>
        </message>
        <message>
            <source>STAC's own schemas were not used: they need the Python library {names}, which is not installed.</source>
            <translation>未使用 STAC 自身的模式进行检查：需要 Python 库 {names}，但尚未安装。</translation>
        </message>
        <message>
            <source>Same months each year</source>
            <translation>每年相同月份</translation>
        </message>
        <message>
            <source>Sample data (SDG 11.3.1)</source>
            <translation>示例数据（SDG 11.3.1）</translation>
        </message>
        <message>
            <source>Sample data (SDG 15.3.1)</source>
            <translation>示例数据（SDG 15.3.1）</translation>
        </message>
        <message>
            <source>Sample data (offline)</source>
            <translation>示例数据（离线）</translation>
        </message>
        <message>
            <source>Saturated</source>
            <translation>饱和</translation>
        </message>
        <message>
            <source>Saturated cells</source>
            <translation>饱和像元</translation>
        </message>
        <message>
            <source>Saturated from this value on</source>
            <translation>饱和的起始值</translation>
        </message>
        <message>
            <source>Saturated from this value on, after and in the baseline</source>
            <translation>后期和基线饱和的起始值</translation>
        </message>
        <message>
            <source>Saturated from this value on, before</source>
            <translation>前期饱和的起始值</translation>
        </message>
        <message>
            <source>Say which class values count as built up, for example 50,190.</source>
            <translation>请说明哪些类别值算作建成区，例如 50,190。</translation>
        </message>
        <message>
            <source>Scale of NDVI and EVI (empty: 10000 for whole numbers)</source>
            <translation>NDVI 和 EVI 的比例系数（空：整数为 10000）</translation>
        </message>
        <message>
            <source>Scale of the SPI (empty: 1000 for whole numbers)</source>
            <translation>SPI 的比例系数（空：整数为 1000）</translation>
        </message>
        <message>
            <source>Scale of the vegetation index (empty: 10000 for whole numbers)</source>
            <translation>植被指数的比例系数（空：整数为 10000）</translation>
        </message>
        <message>
            <source>Scatter chart of LCR against PGR with a mark for each city; the ranking has the values.</source>
            <translation>LCR 对 PGR 的散点图，每个城市一个标记；数值见排名。</translation>
        </message>
        <message>
            <source>Scene</source>
            <translation>影像</translation>
        </message>
        <message>
            <source>Scenes imported</source>
            <translation>已导入的影像</translation>
        </message>
        <message>
            <source>Search</source>
            <translation>搜索</translation>
        </message>
        <message>
            <source>Search a catalog</source>
            <translation>搜索数据目录</translation>
        </message>
        <message>
            <source>Search all</source>
            <translation>搜索全部</translation>
        </message>
        <message>
            <source>Search anywhere</source>
            <translation>不限区域搜索</translation>
        </message>
        <message>
            <source>Searching catalogs</source>
            <translation>正在搜索目录</translation>
        </message>
        <message>
            <source>Searching…</source>
            <translation>正在搜索…</translation>
        </message>
        <message>
            <source>Seconds: {value}</source>
            <translation>用时（秒）：{value}</translation>
        </message>
        <message>
            <source>See below which inputs are missing there.</source>
            <translation>缺少哪些输入见下文。</translation>
        </message>
        <message>
            <source>Select on the map</source>
            <translation>在地图上选择</translation>
        </message>
        <message>
            <source>Select one item with several rasters.</source>
            <translation>请选择一个含多个栅格的条目。</translation>
        </message>
        <message>
            <source>Select several rasters of one collection and day.</source>
            <translation>请选择同一集合、同一天的多个栅格。</translation>
        </message>
        <message>
            <source>Select the data first: rasters that can be read or downloaded.</source>
            <translation>请先选择数据：能读取或下载的栅格。</translation>
        </message>
        <message>
            <source>Selected features, such as districts</source>
            <translation>选中的要素，例如区县</translation>
        </message>
        <message>
            <source>Semi-dense town</source>
            <translation>半稠密城镇</translation>
        </message>
        <message>
            <source>Semi-dense urban cluster</source>
            <translation>半稠密城市集群</translation>
        </message>
        <message>
            <source>Sensor</source>
            <translation>传感器</translation>
        </message>
        <message>
            <source>Sensor (auto: as metadata or file name say)</source>
            <translation>传感器（auto：按元数据或文件名）</translation>
        </message>
        <message>
            <source>Server: {value}</source>
            <translation>服务器：{value}</translation>
        </message>
        <message>
            <source>Servers that may have them</source>
            <translation>可以得到凭据的服务器</translation>
        </message>
        <message>
            <source>Several bands are weighted to give the light before, which is part of the normalisation. Choose one band, or normalise.</source>
            <translation>以多个波段加权得到前期灯光，是归一化的一部分。请只选一个波段，或进行归一化。</translation>
        </message>
        <message>
            <source>Severe drought</source>
            <translation>重旱</translation>
        </message>
        <message>
            <source>Share (%)</source>
            <translation>比例（%）</translation>
        </message>
        <message>
            <source>Share above 1</source>
            <translation>大于 1 的占比</translation>
        </message>
        <message>
            <source>Share as a new version of it</source>
            <translation>作为新版本共享</translation>
        </message>
        <message>
            <source>Share in {cells} (0–1)</source>
            <translation>在{cells}中的比例（0–1）</translation>
        </message>
        <message>
            <source>Share now</source>
            <translation>立即共享</translation>
        </message>
        <message>
            <source>Share of a line that must be odd for a stripe</source>
            <translation>构成条带所需的线上异常像元比例</translation>
        </message>
        <message>
            <source>Share of all cells' area (%)</source>
            <translation>占全部像元面积的比例（%）</translation>
        </message>
        <message>
            <source>Share of all net restored land (%)</source>
            <translation>占全部净恢复土地的比例（%）</translation>
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
            <source>Share of people (%)</source>
            <translation>人口比例（%）</translation>
        </message>
        <message>
            <source>Share of people in cells that are lit from a threshold on. The figure that is quoted depends on this choice.</source>
            <translation>居住在达到阈值的有灯光像元中的人口比例。所引用的数字取决于阈值的选择。</translation>
        </message>
        <message>
            <source>Share of people who live where there is light at night.</source>
            <translation>居住在夜间有灯光之处的人口比例。</translation>
        </message>
        <message>
            <source>Share of regime R{regime}</source>
            <translation>增长类型 R{regime} 占比</translation>
        </message>
        <message>
            <source>Share of the area (%)</source>
            <translation>占面积的比例（%）</translation>
        </message>
        <message>
            <source>Share of the area with data (%)</source>
            <translation>占有数据面积的比例（%）</translation>
        </message>
        <message>
            <source>Share of the area, %</source>
            <translation>占面积的比例，%</translation>
        </message>
        <message>
            <source>Share of the cells or people, least light first (%)</source>
            <translation>像元或人口的累计比例，灯光最少者在前（%）</translation>
        </message>
        <message>
            <source>Share of the growth (%)</source>
            <translation>占增长的比例（%）</translation>
        </message>
        <message>
            <source>Share of the land (%)</source>
            <translation>占土地的比例（%）</translation>
        </message>
        <message>
            <source>Share of the light (%)</source>
            <translation>灯光的比例（%）</translation>
        </message>
        <message>
            <source>Share of the persons on cells with data (%)</source>
            <translation>占有数据像元上人口的比例（%）</translation>
        </message>
        <message>
            <source>Share of the population (%)</source>
            <translation>占人口的比例（%）</translation>
        </message>
        <message>
            <source>Share of the potential below which land is degraded</source>
            <translation>低于潜力的此比例即为退化</translation>
        </message>
        <message>
            <source>Share of the years that must have data (0–1)</source>
            <translation>必须有数据的年份比例（0–1）</translation>
        </message>
        <message>
            <source>Share results</source>
            <translation>共享结果</translation>
        </message>
        <message>
            <source>Share through a catalog</source>
            <translation>通过目录共享</translation>
        </message>
        <message>
            <source>Share through a catalog…</source>
            <translation>通过目录共享…</translation>
        </message>
        <message>
            <source>Share without change</source>
            <translation>无变化占比</translation>
        </message>
        <message>
            <source>Shared, and found again: {link}</source>
            <translation>已共享，并已再次找到：{link}</translation>
        </message>
        <message>
            <source>Shared: {link}</source>
            <translation>已共享：{link}</translation>
        </message>
        <message>
            <source>Shares of the types (table)</source>
            <translation>各类型占比（表）</translation>
        </message>
        <message>
            <source>Shares of the whole area, water and no data included.</source>
            <translation>占全部面积的比例，包括水体和无数据。</translation>
        </message>
        <message>
            <source>Share…</source>
            <translation>共享…</translation>
        </message>
        <message>
            <source>Sharing {title}</source>
            <translation>正在共享“{title}”</translation>
        </message>
        <message>
            <source>Sharing…</source>
            <translation>正在共享…</translation>
        </message>
        <message>
            <source>Shifts by patch</source>
            <translation>各分块的位移</translation>
        </message>
        <message>
            <source>Shifts may differ over the raster</source>
            <translation>位移可以随位置变化</translation>
        </message>
        <message>
            <source>Show all rows</source>
            <translation>显示所有行</translation>
        </message>
        <message>
            <source>Show in folder</source>
            <translation>在文件夹中显示</translation>
        </message>
        <message>
            <source>Show the small picture on the map, roughly where the item lies</source>
            <translation>在地图上显示缩略图，位置大致为条目所在处</translation>
        </message>
        <message>
            <source>Significance level (two-sided p value, convention prais4)</source>
            <translation>显著性水平（双侧 p 值，约定 prais4）</translation>
        </message>
        <message>
            <source>Significance level of the trend</source>
            <translation>趋势的显著性水平</translation>
        </message>
        <message>
            <source>Signing the address of {name}</source>
            <translation>正在为 {name} 的地址签名</translation>
        </message>
        <message>
            <source>Size</source>
            <translation>大小</translation>
        </message>
        <message>
            <source>Size (bytes)</source>
            <translation>大小（字节）</translation>
        </message>
        <message>
            <source>Size: {size}</source>
            <translation>大小：{size}</translation>
        </message>
        <message>
            <source>Slope by Theil and Sen (median of all pairs of years)</source>
            <translation>Theil-Sen 斜率（所有年份两两之间斜率的中位数）</translation>
        </message>
        <message>
            <source>Slope of the normalisation</source>
            <translation>归一化的斜率</translation>
        </message>
        <message>
            <source>Slope of the trend</source>
            <translation>趋势的斜率</translation>
        </message>
        <message>
            <source>Slope of the trend (% of the mean per year)</source>
            <translation>趋势的斜率（每年，占平均值的 %）</translation>
        </message>
        <message>
            <source>Slope of the trend (per year)</source>
            <translation>趋势的斜率（每年）</translation>
        </message>
        <message>
            <source>Slope per year</source>
            <translation>每年的斜率</translation>
        </message>
        <message>
            <source>Slope up to which there is no trend (index per year; empty: usual)</source>
            <translation>斜率不超过此值时视为无趋势（每年的指数；空：常用值）</translation>
        </message>
        <message>
            <source>Slow</source>
            <translation>缓慢</translation>
        </message>
        <message>
            <source>Smallest city (km²)</source>
            <translation>最小的城市（km²）</translation>
        </message>
        <message>
            <source>Smallest patch that is lit (cells)</source>
            <translation>有灯光斑块的最小像元数</translation>
        </message>
        <message>
            <source>Smoothing of urban centres</source>
            <translation>城市中心的平滑方式</translation>
        </message>
        <message>
            <source>Soil organic carbon</source>
            <translation>土壤有机碳</translation>
        </message>
        <message>
            <source>Soil organic carbon (SDG 15.3.1)</source>
            <translation>土壤有机碳（SDG 15.3.1）</translation>
        </message>
        <message>
            <source>Soil organic carbon (t/ha)</source>
            <translation>土壤有机碳（t/ha）</translation>
        </message>
        <message>
            <source>Soil organic carbon at the end (t)</source>
            <translation>期末土壤有机碳（t）</translation>
        </message>
        <message>
            <source>Soil organic carbon at the end (t/ha)</source>
            <translation>期末土壤有机碳（t/ha）</translation>
        </message>
        <message>
            <source>Soil organic carbon at the first date (t/ha)</source>
            <translation>第一个时相的土壤有机碳（t/ha）</translation>
        </message>
        <message>
            <source>Soil organic carbon at the start (t)</source>
            <translation>期初土壤有机碳（t）</translation>
        </message>
        <message>
            <source>Soil organic carbon at the start (t/ha)</source>
            <translation>期初土壤有机碳（t/ha）</translation>
        </message>
        <message>
            <source>Soil organic carbon at the start of the baseline (t/ha)</source>
            <translation>基线起始时的土壤有机碳（t/ha）</translation>
        </message>
        <message>
            <source>Soil organic carbon change</source>
            <translation>土壤有机碳变化</translation>
        </message>
        <message>
            <source>Soil organic carbon change (-1, 0, 1)</source>
            <translation>土壤有机碳变化（-1、0、1）</translation>
        </message>
        <message>
            <source>Soil organic carbon is computed year by year, but {year} is not a whole year.</source>
            <translation>土壤有机碳逐年计算，但 {year} 不是整年。</translation>
        </message>
        <message>
            <source>Soil organic carbon, kt</source>
            <translation>土壤有机碳，kt</translation>
        </message>
        <message>
            <source>Soil type {number}</source>
            <translation>土壤类型 {number}</translation>
        </message>
        <message>
            <source>Soil types</source>
            <translation>土壤类型</translation>
        </message>
        <message>
            <source>Some of them are shown on the map: their layers will be empty.</source>
            <translation>其中一些正显示在地图上：它们的图层将变为空。</translation>
        </message>
        <message>
            <source>Somebody else has changed the item “{name}” meanwhile. Look at the difference again.</source>
            <translation>条目“{name}”在此期间已被他人更改。请重新查看差异。</translation>
        </message>
        <message>
            <source>Something is being shared already: finish it, or close its window.</source>
            <translation>已有内容正在共享：请先完成，或关闭其窗口。</translation>
        </message>
        <message>
            <source>Sort by</source>
            <translation>排序依据</translation>
        </message>
        <message>
            <source>Sort by (a property; with - before it the largest comes first)</source>
            <translation>排序依据（属性；前面加 - 表示从大到小）</translation>
        </message>
        <message>
            <source>Span</source>
            <translation>跨度</translation>
        </message>
        <message>
            <source>Spectral types</source>
            <translation>光谱类型</translation>
        </message>
        <message>
            <source>Spread by</source>
            <translation>分配依据</translation>
        </message>
        <message>
            <source>Spread over cells</source>
            <translation>分配到像元的量</translation>
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
            <source>Stable (cells)</source>
            <translation>稳定（像元数）</translation>
        </message>
        <message>
            <source>Stable (km²)</source>
            <translation>稳定（km²）</translation>
        </message>
        <message>
            <source>Stable area (km²)</source>
            <translation>稳定面积（km²）</translation>
        </message>
        <message>
            <source>Stable area, last period (km²)</source>
            <translation>最后一期稳定面积（km²）</translation>
        </message>
        <message>
            <source>Stable cells that it rests on</source>
            <translation>所依据的稳定像元数</translation>
        </message>
        <message>
            <source>Stable land (km²)</source>
            <translation>稳定土地（km²）</translation>
        </message>
        <message>
            <source>Stable: {cells} cells, {km2} km²</source>
            <translation>稳定：{cells} 个像元，{km2} km²</translation>
        </message>
        <message>
            <source>Standard deviation of light</source>
            <translation>灯光的标准差</translation>
        </message>
        <message>
            <source>State</source>
            <translation>状态</translation>
        </message>
        <message>
            <source>Statistic</source>
            <translation>统计量</translation>
        </message>
        <message>
            <source>Statistic of the trend</source>
            <translation>趋势所用的统计量</translation>
        </message>
        <message>
            <source>Statistic whose trend is measured</source>
            <translation>计算趋势的统计量</translation>
        </message>
        <message>
            <source>Status</source>
            <translation>状态</translation>
        </message>
        <message>
            <source>Status (1–7)</source>
            <translation>状态（1–7）</translation>
        </message>
        <message>
            <source>Status in three classes</source>
            <translation>三类状态</translation>
        </message>
        <message>
            <source>Status {number} (km²)</source>
            <translation>状态 {number}（km²）</translation>
        </message>
        <message>
            <source>Status: {value}</source>
            <translation>状态：{value}</translation>
        </message>
        <message>
            <source>Steadiness from (fao_wocat)</source>
            <translation>稳定性的判断依据（fao_wocat）</translation>
        </message>
        <message>
            <source>Stocks of soil organic carbon in thousand tonnes, by the land cover of the same date.</source>
            <translation>土壤有机碳储量（千吨），按同一时相的土地覆盖统计。</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>停止</translation>
        </message>
        <message>
            <source>Stopped; nothing is shared.</source>
            <translation>已停止；没有共享任何内容。</translation>
        </message>
        <message>
            <source>Stored value from which on a cell is saturated</source>
            <translation>记录的数值达到此值时像元视为饱和</translation>
        </message>
        <message>
            <source>Stray light</source>
            <translation>杂散光</translation>
        </message>
        <message>
            <source>Stressed</source>
            <translation>受胁迫</translation>
        </message>
        <message>
            <source>Stripe, filled</source>
            <translation>已填补的条带</translation>
        </message>
        <message>
            <source>Study area</source>
            <translation>研究区</translation>
        </message>
        <message>
            <source>Sub-indicator</source>
            <translation>子指标</translation>
        </message>
        <message>
            <source>Sub-indicators</source>
            <translation>子指标</translation>
        </message>
        <message>
            <source>Subtract stray light, from squares of so many km (empty: do not)</source>
            <translation>减去杂散光，方格边长为此千米数（空：不减）</translation>
        </message>
        <message>
            <source>Suburban built-up</source>
            <translation>郊区建成区</translation>
        </message>
        <message>
            <source>Suburban or peri-urban</source>
            <translation>郊区或城市外围</translation>
        </message>
        <message>
            <source>Suburban or peri-urban area</source>
            <translation>郊区或城市外围</translation>
        </message>
        <message>
            <source>Suburban: built-up share of the walking circle above (%)</source>
            <translation>郊区：步行圈内建成区比例高于（%）</translation>
        </message>
        <message>
            <source>Sum of the totals spread</source>
            <translation>已分配总量之和</translation>
        </message>
        <message>
            <source>Sums</source>
            <translation>总和</translation>
        </message>
        <message>
            <source>TNL: sum of the light of all cells. ANTL: TNL over the number of cells with data. MNTL: mean of the lit cells. Light power: sum of light times true cell area.</source>
            <translation>TNL：所有像元灯光之和。ANTL：TNL 除以有数据的像元数。MNTL：有灯光像元的平均值。灯光功率：灯光与像元真实面积乘积之和。</translation>
        </message>
        <message>
            <source>Table</source>
            <translation>表</translation>
        </message>
        <message>
            <source>Table of dates (empty: read from the names)</source>
            <translation>日期表（空：从名称读取）</translation>
        </message>
        <message>
            <source>Test</source>
            <translation>测试</translation>
        </message>
        <message>
            <source>Text tables (*.csv *.txt *.tsv)</source>
            <translation>文本表格 (*.csv *.txt *.tsv)</translation>
        </message>
        <message>
            <source>That of the kept search</source>
            <translation>所存搜索的区域</translation>
        </message>
        <message>
            <source>The CRS of “{name}” was set in QGIS only and the file does not hold it. Write it into the file with “Assign projection”, then run again.</source>
            <translation>“{name}”的坐标参照系只在 QGIS 中设置，文件中并没有。请用“指定投影”将其写入文件，然后重新运行。</translation>
        </message>
        <message>
            <source>The CRS {crs} is not known: {reason}</source>
            <translation>坐标参照系 {crs} 无法识别：{reason}</translation>
        </message>
        <message>
            <source>The CRS {crs} is not tied to the Earth, so areas cannot be measured. Assign the raster's real CRS.</source>
            <translation>坐标参照系 {crs} 与地球没有关联，因此无法量算面积。请为栅格指定真实的坐标参照系。</translation>
        </message>
        <message>
            <source>The Dask scheduler {scheduler} does not answer: {reason}. Start it, or clear the setting.</source>
            <translation>Dask 调度器 {scheduler} 没有响应：{reason}。请启动它，或清除该设置。</translation>
        </message>
        <message>
            <source>The GDAL of this QGIS cannot read Parquet. Download it for another program, or use a QGIS whose GDAL has that driver.</source>
            <translation>此 QGIS 的 GDAL 不能读取 Parquet。请下载后用其他程序打开，或使用其 GDAL 含该驱动的 QGIS。</translation>
        </message>
        <message>
            <source>The address of {name} was signed, and such an address is never written down. Search for the item again, and fetch it from there: it goes on where it stopped.</source>
            <translation>{name} 的地址是签名地址，这样的地址从不写入文件。请重新搜索该条目并从中获取：将从中断处继续。</translation>
        </message>
        <message>
            <source>The address {url} holds credentials. Take them out, and choose the authentication instead: it keeps them encrypted.</source>
            <translation>地址 {url} 中含有凭据。请将其去掉，改为选择身份验证：它会加密保存凭据。</translation>
        </message>
        <message>
            <source>The aggregates differ because the ratio of totals weighs every city by its land and people, whereas a mean of ratios can be carried far away by a few cities whose population hardly changes; the median and the trimmed mean resist them.</source>
            <translation>各汇总值不同，是因为总量之比按土地和人口给每个城市加权，而比值的均值会被少数人口几乎不变的城市带偏；中位数和截尾均值则不受其影响。</translation>
        </message>
        <message>
            <source>The area goes over 180 degrees: choose the part on one side, then the other.</source>
            <translation>区域跨越 180 度经线：请先选择一侧的部分，再选择另一侧。</translation>
        </message>
        <message>
            <source>The area has no coordinate system. Set that of the layer or map.</source>
            <translation>区域没有坐标参照系。请设置图层或地图的坐标参照系。</translation>
        </message>
        <message>
            <source>The area is empty. Choose another one.</source>
            <translation>区域为空。请选择其他区域。</translation>
        </message>
        <message>
            <source>The area is not known yet. Draw it on the map, wait until it is worked out, or choose another one.</source>
            <translation>区域尚未确定。请在地图上绘制，等待其计算完成，或选择其他区域。</translation>
        </message>
        <message>
            <source>The area lies outside of what its coordinate system can say of the Earth. Zoom in, or choose another area.</source>
            <translation>区域超出其坐标参照系在地球上的适用范围。请放大，或选择其他区域。</translation>
        </message>
        <message>
            <source>The asset “{key}” has no address.</source>
            <translation>资产“{key}”没有地址。</translation>
        </message>
        <message>
            <source>The baseline holds</source>
            <translation>基线栅格的取值</translation>
        </message>
        <message>
            <source>The brightest ({count})</source>
            <translation>最亮的 {count} 个</translation>
        </message>
        <message>
            <source>The catalog connection {id} is not there any more. Choose another one, or make it again.</source>
            <translation>目录连接 {id} 已不存在。请选择其他连接，或重新建立。</translation>
        </message>
        <message>
            <source>The catalog does not keep all that was written: {names}</source>
            <translation>目录没有保存所写入的全部内容：{names}</translation>
        </message>
        <message>
            <source>The catalog has no collection “{name}”, and takes no new ones: choose one that is there.</source>
            <translation>目录中没有集合“{name}”，也不接收新集合：请选择已有的集合。</translation>
        </message>
        <message>
            <source>The catalog is being opened…</source>
            <translation>正在打开目录…</translation>
        </message>
        <message>
            <source>The catalog took the item {name}, but a search does not find it.</source>
            <translation>目录接收了条目 {name}，但搜索不到它。</translation>
        </message>
        <message>
            <source>The catalog took the item {name}, but gives it back without {files}.</source>
            <translation>目录接收了条目 {name}，但返回时缺少 {files}。</translation>
        </message>
        <message>
            <source>The cells ({side} m) are so large that the fringe of {fringe} m reaches none of them. Use a finer raster.</source>
            <translation>像元（{side} m）过大，{fringe} m 宽的边缘不含任何像元。请使用更精细的栅格。</translation>
        </message>
        <message>
            <source>The cells ({side} m) are so large that the walking circle of 1 km² holds only a few of them. Use a finer raster.</source>
            <translation>像元（{side} m）过大，1 km² 的步行圈只含少数几个像元。请使用更精细的栅格。</translation>
        </message>
        <message>
            <source>The cells of {panchromatic} are not smaller than those of {colours}, so it has no detail to add. Choose the finer raster as panchromatic.</source>
            <translation>{panchromatic} 的像元不小于 {colours} 的像元，没有可增加的细节。请选择更精细的栅格作为全色栅格。</translation>
        </message>
        <message>
            <source>The charts need JavaScript. The tables hold all their values.</source>
            <translation>图表需要 JavaScript。表格包含图表的全部数值。</translation>
        </message>
        <message>
            <source>The chosen catalogs list no properties to filter by.</source>
            <translation>所选目录没有列出可用于筛选的属性。</translation>
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
            <source>The codes of the legend lie more than a million apart. Number the land cover classes with smaller codes.</source>
            <translation>图例代码相差超过一百万。请用较小的代码为土地覆盖类别编号。</translation>
        </message>
        <message>
            <source>The collection {name} could not be removed: remove it by hand.</source>
            <translation>集合 {name} 未能移除：请手动移除。</translation>
        </message>
        <message>
            <source>The collection {name} is new, and will be made.</source>
            <translation>集合 {name} 是新的，将会创建。</translation>
        </message>
        <message>
            <source>The colours explain little of the panchromatic band (correlation {correlation}): the rasters may be of different scenes, or shifted against each other. Register them first.</source>
            <translation>各颜色几乎不能解释全色波段（相关系数 {correlation}）：栅格可能不是同一景，或相互错位。请先配准。</translation>
        </message>
        <message>
            <source>The convention trends_earth has critical values for at most {longest} years, the series has {count}. Choose another convention, or fewer years.</source>
            <translation>约定 trends_earth 的临界值最多到 {longest} 年，而序列有 {count} 年。请选择其他约定，或减少年份。</translation>
        </message>
        <message>
            <source>The credentials for {url} cannot be read. Unlock QGIS's authentication database with its master password, or choose others for the connection.</source>
            <translation>无法读取 {url} 的凭据。请用主密码解锁 QGIS 的身份验证数据库，或为该连接选择其他凭据。</translation>
        </message>
        <message>
            <source>The cuts are published for one calibration; other gains of the bands move them. Types tell spectra apart, not lamps.</source>
            <translation>阈值是针对某一定标发表的；波段增益不同，阈值会移动。类型区分的是光谱，而不是灯具。</translation>
        </message>
        <message>
            <source>The data do not say where they lie: they have no usable CRS.</source>
            <translation>数据没有说明所在位置：没有可用的坐标参照系。</translation>
        </message>
        <message>
            <source>The data end before they begin: change the days.</source>
            <translation>数据的结束早于开始：请修改日期。</translation>
        </message>
        <message>
            <source>The data say no date; that of sharing stands in for it. Give the years they are of.</source>
            <translation>数据没有说明日期，以共享的日期代替。请给出数据所指的年份。</translation>
        </message>
        <message>
            <source>The data set lists no files: they may need an approval. Open {page} in a browser.</source>
            <translation>该数据集没有列出文件：可能需要审批。请在浏览器中打开 {page}。</translation>
        </message>
        <message>
            <source>The dialog of {id} cannot be opened.</source>
            <translation>{id} 的对话框无法打开。</translation>
        </message>
        <message>
            <source>The error polygons “{layer}” have none of the fields {fields}. Add them: what becomes of degraded, stable and improved land (-32768 no data, -1, 0 or 1).</source>
            <translation>误差多边形“{layer}”不含字段 {fields} 中的任何一个。请添加：说明退化、稳定和改善的土地分别改为什么（-32768 无数据，-1、0 或 1）。</translation>
        </message>
        <message>
            <source>The file {address} could not be removed: remove it by hand.</source>
            <translation>文件 {address} 未能移除：请手动移除。</translation>
        </message>
        <message>
            <source>The file “{item}” is not in the data set any more. Look at its page, {url}</source>
            <translation>文件“{item}”已不在该数据集中。请查看其网页：{url}</translation>
        </message>
        <message>
            <source>The file “{key}” lacks its address, type, size or checksum.</source>
            <translation>文件“{key}”缺少地址、类型、大小或校验和。</translation>
        </message>
        <message>
            <source>The files need {needed} MB, but only {free} MB are free in {folder}. Make room, choose another folder, fewer assets, or a smaller area.</source>
            <translation>文件需要 {needed} MB，但 {folder} 只剩 {free} MB。请腾出空间，选择其他文件夹，减少资产，或缩小区域。</translation>
        </message>
        <message>
            <source>The files of these items are deleted for good: {count} items, {size}.</source>
            <translation>这些条目的文件将被永久删除：{count} 个条目，{size}。</translation>
        </message>
        <message>
            <source>The first year compared ({first}) must come before the last ({last}).</source>
            <translation>比较的起始年份（{first}）必须早于结束年份（{last}）。</translation>
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
            <source>The index of My data has been rebuilt.</source>
            <translation>“我的数据”的索引已重建。</translation>
        </message>
        <message>
            <source>The indicator has no value anywhere in the zone.</source>
            <translation>指标在该分区内没有任何值。</translation>
        </message>
        <message>
            <source>The item breaks STAC's schema: {words}</source>
            <translation>该条目不符合 STAC 的模式：{words}</translation>
        </message>
        <message>
            <source>The item does not say where it lies.</source>
            <translation>该条目没有说明所在位置。</translation>
        </message>
        <message>
            <source>The item does not say where it stands.</source>
            <translation>该条目没有说明其地址。</translation>
        </message>
        <message>
            <source>The item has no data.</source>
            <translation>该条目没有数据。</translation>
        </message>
        <message>
            <source>The item has no date that can be read.</source>
            <translation>该条目没有可读取的日期。</translation>
        </message>
        <message>
            <source>The item has no date.</source>
            <translation>该条目没有日期。</translation>
        </message>
        <message>
            <source>The item has no file.</source>
            <translation>该条目没有文件。</translation>
        </message>
        <message>
            <source>The item has no id.</source>
            <translation>该条目没有标识。</translation>
        </message>
        <message>
            <source>The item has no page.</source>
            <translation>该条目没有网页。</translation>
        </message>
        <message>
            <source>The item is valid by the schemas of STAC's core.</source>
            <translation>按 STAC 核心规范的模式，该条目有效。</translation>
        </message>
        <message>
            <source>The item is whole: id, place, dates, licence, links, and address, type, size and checksum of each file.</source>
            <translation>该条目完整：标识、位置、日期、许可协议、链接，以及每个文件的地址、类型、大小和校验和。</translation>
        </message>
        <message>
            <source>The item {name} could not be removed: remove it by hand.</source>
            <translation>条目 {name} 未能移除：请手动移除。</translation>
        </message>
        <message>
            <source>The item {name} could not be written back as it was: look at it, and correct it.</source>
            <translation>条目 {name} 未能恢复原样：请查看并更正。</translation>
        </message>
        <message>
            <source>The item {name} is there already, and will be written over.</source>
            <translation>条目 {name} 已经存在，将被覆盖。</translation>
        </message>
        <message>
            <source>The item “{item}” is not in the catalog {url}.</source>
            <translation>条目“{item}”不在目录 {url} 中。</translation>
        </message>
        <message>
            <source>The item's CRS is no code.</source>
            <translation>该条目的坐标参照系不是代码。</translation>
        </message>
        <message>
            <source>The item's licence is no identifier.</source>
            <translation>该条目的许可协议不是标识符。</translation>
        </message>
        <message>
            <source>The item's place cannot be read.</source>
            <translation>该条目的位置无法读取。</translation>
        </message>
        <message>
            <source>The land cover series leaves out years ({gaps}): changes in between are placed in the middle of the gap.</source>
            <translation>土地覆盖序列缺少一些年份（{gaps}）：其间的变化设在缺口的中间。</translation>
        </message>
        <message>
            <source>The land types have more than {count} combinations of values. Choose rasters with few classes.</source>
            <translation>土地类型的取值组合超过 {count} 种。请选择类别较少的栅格。</translation>
        </message>
        <message>
            <source>The largest changes of land cover: {shown} of {total}.</source>
            <translation>最大的土地覆盖变化：{total} 种中的 {shown} 种。</translation>
        </message>
        <message>
            <source>The last block, {span}, has {count} years instead of {usual}.</source>
            <translation>最后一个年段 {span} 有 {count} 年，而不是 {usual} 年。</translation>
        </message>
        <message>
            <source>The layer is no file of this computer: download it, then share the file.</source>
            <translation>该图层不是本机的文件：请先下载，再共享文件。</translation>
        </message>
        <message>
            <source>The layer of land or water has no polygons. Choose another layer.</source>
            <translation>陆地或水体图层没有多边形。请选择其他图层。</translation>
        </message>
        <message>
            <source>The layer “{layer}” is empty. Choose another one.</source>
            <translation>图层“{layer}”为空。请选择其他图层。</translation>
        </message>
        <message>
            <source>The layer “{name}” comes from a service or database ({provider}), which gives pictures or values that cannot be measured here. Save it as a GeoTIFF, then use that file.</source>
            <translation>图层“{name}”来自服务或数据库（{provider}），其提供的图像或数值无法在此量算。请将其另存为 GeoTIFF，然后使用该文件。</translation>
        </message>
        <message>
            <source>The layer “{name}” has no CRS, so its points cannot be laid over the rasters. Set the layer's CRS, then run again.</source>
            <translation>图层“{name}”没有坐标参照系，其点无法与栅格叠加。请设置图层的坐标参照系，然后重新运行。</translation>
        </message>
        <message>
            <source>The layer “{name}” has no CRS, so its polygons cannot be laid over the rasters. Set the layer's CRS, then run again.</source>
            <translation>图层“{name}”没有坐标参照系，其面无法与栅格叠加。请设置图层的坐标参照系，然后重新运行。</translation>
        </message>
        <message>
            <source>The layer “{name}” has no feature to compute.</source>
            <translation>图层“{name}”没有可计算的要素。</translation>
        </message>
        <message>
            <source>The layer “{name}” has no points with a name.</source>
            <translation>图层“{name}”没有带名称的点。</translation>
        </message>
        <message>
            <source>The layer “{name}” has no text field to take names from.</source>
            <translation>图层“{name}”没有可从中取得名称的文本字段。</translation>
        </message>
        <message>
            <source>The licences of the input data hold for this result as well.</source>
            <translation>输入数据的许可协议同样适用于本结果。</translation>
        </message>
        <message>
            <source>The light is compared as it is, without normalisation: this holds only where both rasters were seen alike (view angle, moon, haze, hour), as in composites of one sensor.</source>
            <translation>灯光按原值比较，未作归一化：仅当两个栅格的观测条件（观测角、月光、霾、成像时刻）相同时成立，例如同一传感器的合成产品。</translation>
        </message>
        <message>
            <source>The list has the {count} brightest zones.</source>
            <translation>列表含最亮的 {count} 个分区。</translation>
        </message>
        <message>
            <source>The list of transfers, {path}, could not be written: {reason}</source>
            <translation>传输列表 {path} 无法写入：{reason}</translation>
        </message>
        <message>
            <source>The map shows no area.</source>
            <translation>地图没有显示任何区域。</translation>
        </message>
        <message>
            <source>The map shows nothing yet. Add a layer, or draw an area.</source>
            <translation>地图尚无内容。请添加图层，或绘制区域。</translation>
        </message>
        <message>
            <source>The map's CRS does not reach there: choose another one for the project.</source>
            <translation>地图的坐标参照系不能表示该处：请为工程选择其他坐标参照系。</translation>
        </message>
        <message>
            <source>The metadata of {path} was not saved: {reason}</source>
            <translation>{path} 的元数据未能保存：{reason}</translation>
        </message>
        <message>
            <source>The method {method} needs climate data of each year: {count} years of the vegetation index, {climate} of the climate. Give one for each.</source>
            <translation>方法 {method} 每年都需要气候数据：植被指数有 {count} 年，气候有 {climate} 年。请每年给出一个。</translation>
        </message>
        <message>
            <source>The method “{method}” needs zones with their known area in km². Choose the zones and the field with the area.</source>
            <translation>方法“{method}”需要分区及其已知面积（km²）。请选择分区和面积字段。</translation>
        </message>
        <message>
            <source>The method “{method}” needs “{samples}” and “{field}”: choose both.</source>
            <translation>方法“{method}”需要“{samples}”和“{field}”：请同时选择二者。</translation>
        </message>
        <message>
            <source>The midpoint needs known places with electricity and without, where {name} has data; there are {lit} and {dark}. Add places, or choose another method.</source>
            <translation>中点法要求在 {name} 有数据之处同时存在已知有电和无电的地点；现分别为 {lit} 个和 {dark} 个。请补充地点，或选择其他方法。</translation>
        </message>
        <message>
            <source>The mosaic {path} could not be made: {reason}</source>
            <translation>镶嵌 {path} 未能生成：{reason}</translation>
        </message>
        <message>
            <source>The names say {builtup} for built-up area and {population} for population. If that is meant, type the years of the population in “{parameter}”.</source>
            <translation>名称中建成区的年份为 {builtup}，人口的年份为 {population}。如果确实如此，请在“{parameter}”中输入人口的年份。</translation>
        </message>
        <message>
            <source>The new connection</source>
            <translation>新连接</translation>
        </message>
        <message>
            <source>The no-data values set for “{name}” in QGIS are not used; those of its file are.</source>
            <translation>在 QGIS 中为“{name}”设置的无数据值不被使用；使用的是其文件中的无数据值。</translation>
        </message>
        <message>
            <source>The other denominator, for comparison.</source>
            <translation>另一种分母，供比较。</translation>
        </message>
        <message>
            <source>The part of {source} could not be read: {reason}</source>
            <translation>无法读取 {source} 的局部：{reason}</translation>
        </message>
        <message>
            <source>The period ends on {end}, before it begins on {begin}.</source>
            <translation>时段结束于 {end}，早于开始的 {begin}。</translation>
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
            <source>The preset {preset} is for {sensor}; the raster is of {other}. Choose another.</source>
            <translation>预设系数 {preset} 用于 {sensor}；而栅格属于 {other}。请选择其他系数。</translation>
        </message>
        <message>
            <source>The preview is no picture that can be shown.</source>
            <translation>预览图不是可以显示的图像。</translation>
        </message>
        <message>
            <source>The preview {url} is larger than {most} MB, and is not shown.</source>
            <translation>预览图 {url} 大于 {most} MB，不予显示。</translation>
        </message>
        <message>
            <source>The product may see no change here: do not read 0 as efficiency.</source>
            <translation>该产品在此处可能看不到变化：不要把 0 理解为高效。</translation>
        </message>
        <message>
            <source>The product's calib.xml (empty: as loaded, or beside the raster)</source>
            <translation>产品的 calib.xml（空：取自加载时的元数据，或栅格旁边的文件）</translation>
        </message>
        <message>
            <source>The proportion is degraded area over all of the area, with inland water and cells without data inside, as Trends.Earth computes it. It is lower than the proportion of land that the UNCCD's manual asks for; both stand in the tables.</source>
            <translation>该比例为退化面积占全部面积（含内陆水体和无数据像元）的比例，与 Trends.Earth 的算法相同。它低于 UNCCD 手册所要求的占土地的比例；两种比例都列于表中。</translation>
        </message>
        <message>
            <source>The proportion is degraded land over all land without inland water, as the UNCCD's manual asks for; land without data is inside. Trends.Earth has inland water inside as well; both proportions stand in the tables.</source>
            <translation>该比例为退化土地占不含内陆水体的全部土地（含无数据土地）的比例，符合 UNCCD 手册的要求。Trends.Earth 的分母还包括内陆水体；两种比例都列于表中。</translation>
        </message>
        <message>
            <source>The proxy did not let {host} be reached: {words} Check QGIS's proxy settings.</source>
            <translation>无法通过代理访问 {host}：{words} 请检查 QGIS 的代理设置。</translation>
        </message>
        <message>
            <source>The raster lies outside the area where its CRS can be used. Check that the right CRS is assigned ({crs}).</source>
            <translation>栅格位于其坐标参照系的适用范围之外。请检查指定的坐标参照系是否正确（{crs}）。</translation>
        </message>
        <message>
            <source>The rasters are in different units ({units}): figures of different dates cannot be compared, and the trend means nothing.</source>
            <translation>栅格的单位不同（{units}）：不同日期的数字无法比较，趋势没有意义。</translation>
        </message>
        <message>
            <source>The rasters are of different sensors ({sensors}), which see the same light differently: calibrate them against each other before you compare dates.</source>
            <translation>栅格来自不同的传感器（{sensors}），它们观测到的同一灯光并不相同：比较不同日期之前请先相互定标。</translation>
        </message>
        <message>
            <source>The rasters cover different areas. The result has the area that they share, {width} × {height} cells of {all_width} × {all_height}.</source>
            <translation>各栅格覆盖的区域不同。结果为共同覆盖的区域：{all_width} × {all_height} 个像元中的 {width} × {height} 个。</translation>
        </message>
        <message>
            <source>The rasters cover different areas. The result has the area that they share, {width} × {height} km, of the {all_width} × {all_height} km of the population.</source>
            <translation>各栅格覆盖的区域不同。结果为共同覆盖的区域：人口 {all_width} × {all_height} km 中的 {width} × {height} km。</translation>
        </message>
        <message>
            <source>The rasters do not say that their light is in nW cm⁻² sr⁻¹, so the power in W/sr stays empty. Choose the unit if it is.</source>
            <translation>栅格没有注明灯光单位为 nW cm⁻² sr⁻¹，因此以 W/sr 表示的功率为空。若确为该单位，请选择它。</translation>
        </message>
        <message>
            <source>The rasters have cells of different sizes ({smallest} to {largest} km²), so sums and numbers of cells of different dates cannot be compared; means and areas can.</source>
            <translation>栅格的像元大小不同（{smallest} 至 {largest} km²），因此不同日期的总和与像元数无法比较；平均值和面积可以比较。</translation>
        </message>
        <message>
            <source>The rasters hold</source>
            <translation>栅格的取值</translation>
        </message>
        <message>
            <source>The rasters hold different quantities ({listed}), so the composite mixes them. Calibrate all of them in the same way first.</source>
            <translation>各栅格的量不同（{listed}），合成会把它们混在一起。请先以同样的方式对全部栅格定标。</translation>
        </message>
        <message>
            <source>The rasters of the periods hold</source>
            <translation>各时期栅格的取值</translation>
        </message>
        <message>
            <source>The recent years {recent} must come after the baseline years {baseline}. Change the years so that they do not overlap.</source>
            <translation>近期年份 {recent} 必须在基准期年份 {baseline} 之后。请修改年份，使二者不重叠。</translation>
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
            <source>The same in the panchromatic raster</source>
            <translation>同上，用于全色栅格</translation>
        </message>
        <message>
            <source>The sample catalog could not be written to {folder}: {reason}</source>
            <translation>示例目录无法写入 {folder}：{reason}</translation>
        </message>
        <message>
            <source>The sample data is loaded. Its files are in {folder}.</source>
            <translation>示例数据已加载。文件位于 {folder}。</translation>
        </message>
        <message>
            <source>The series has {count} years ({years}), but the trend needs at least {needed}. Add years, or lower the minimum number of years; with fewer than 8 the Mann-Kendall test finds hardly any trend.</source>
            <translation>序列有 {count} 年（{years}），但趋势至少需要 {needed} 年。请补充年份，或降低最少年数；少于 8 年时 Mann-Kendall 检验几乎找不到趋势。</translation>
        </message>
        <message>
            <source>The server does not search for words: these are items of the collections that have them.</source>
            <translation>服务器不支持按词语搜索：这些条目来自含有这些词语的集合。</translation>
        </message>
        <message>
            <source>The server ignored “{part}”: {count} items that do not answer were left out.</source>
            <translation>服务器忽略了“{part}”：已剔除 {count} 个不符合的条目。</translation>
        </message>
        <message>
            <source>The server ignored, and what did not answer was left out here: {parts}</source>
            <translation>服务器忽略了以下条件，不符合者已在本机剔除：{parts}</translation>
        </message>
        <message>
            <source>The server refused a part of the search, which was done here instead: {words}</source>
            <translation>服务器拒绝了搜索的一部分，该部分已改在本机进行：{words}</translation>
        </message>
        <message>
            <source>The service does not say which of its layers is meant. Open its page.</source>
            <translation>该服务没有说明是其中哪个图层。请打开其网页。</translation>
        </message>
        <message>
            <source>The settings name a Dask scheduler ({scheduler}), but the Python library 'distributed' is not installed. Install it, or clear the setting.</source>
            <translation>设置中指定了 Dask 调度器（{scheduler}），但未安装 Python 库 distributed。请安装它，或清除该设置。</translation>
        </message>
        <message>
            <source>The share depends on the threshold: see the curve before you quote it. Light at night stands for electricity; people with power and no outdoor light are missed.</source>
            <translation>比例取决于阈值：引用之前请先查看曲线。夜间有灯光代表通电；有电但没有室外照明的人口会被漏计。</translation>
        </message>
        <message>
            <source>The share for urban cells ({urban} %) is below that for suburban cells ({suburban} %). Type a larger one.</source>
            <translation>城市像元的比例（{urban} %）低于郊区像元的比例（{suburban} %）。请输入更大的值。</translation>
        </message>
        <message>
            <source>The stored catalog connection {key} cannot be read, and is left out.</source>
            <translation>保存的目录连接 {key} 无法读取，已略过。</translation>
        </message>
        <message>
            <source>The study area</source>
            <translation>研究区</translation>
        </message>
        <message>
            <source>The study area has no polygon. Choose another layer.</source>
            <translation>研究区没有多边形。请选择其他图层。</translation>
        </message>
        <message>
            <source>The style of {path} was not saved: {reason}</source>
            <translation>{path} 的样式未能保存：{reason}</translation>
        </message>
        <message>
            <source>The total of {zone} is {total}; amounts below 0 cannot be spread. Correct the value, or choose another field.</source>
            <translation>{zone} 的总量为 {total}；小于 0 的量无法分配。请更正该值，或选择其他字段。</translation>
        </message>
        <message>
            <source>The whole period is computed from its two ends; it is not the mean of its intervals.</source>
            <translation>整个时期由其两端计算得出，并非各时段的均值。</translation>
        </message>
        <message>
            <source>The whole raster</source>
            <translation>整个栅格</translation>
        </message>
        <message>
            <source>The years {first} to {last}: the last comes before the first. Change them.</source>
            <translation>年份 {first} 至 {last}：结束年份早于起始年份。请修改。</translation>
        </message>
        <message>
            <source>The years {span} are {count}: more than the {most} for which this method has critical values. Choose fewer years.</source>
            <translation>{span} 共 {count} 年，超过此方法临界值所支持的 {most} 年。请减少年份。</translation>
        </message>
        <message>
            <source>The years {years} do not increase. Give them in order.</source>
            <translation>年份 {years} 不是递增的。请按顺序给出。</translation>
        </message>
        <message>
            <source>The zone has no geometry that has an area.</source>
            <translation>该分区没有具有面积的几何。</translation>
        </message>
        <message>
            <source>The zone holds no cell's centre.</source>
            <translation>该分区不含任何像元中心。</translation>
        </message>
        <message>
            <source>The zone layer has no features. Choose another layer.</source>
            <translation>分区图层没有要素。请选择其他图层。</translation>
        </message>
        <message>
            <source>The zone lies outside the indicator's raster.</source>
            <translation>该分区位于指标栅格之外。</translation>
        </message>
        <message>
            <source>The zone lies outside the rasters.</source>
            <translation>该分区位于栅格之外。</translation>
        </message>
        <message>
            <source>The zone overlaps another: shared cells count in the first.</source>
            <translation>该分区与另一分区重叠：共有像元计入第一个分区。</translation>
        </message>
        <message>
            <source>The zone overlaps another; both count the shared cells.</source>
            <translation>该分区与另一分区重叠；二者都计入共有像元。</translation>
        </message>
        <message>
            <source>The {cells} cells lit in both {before} and {scene} determine no line: the light is the same everywhere, its bands vary only together, or fewer than {least} cells lie along one. Choose other bands or dates, or do not normalise.</source>
            <translation>在 {before} 和 {scene} 中都有灯光的 {cells} 个像元无法确定一条直线：灯光处处相同，各波段只是同步变化，或沿一条直线的像元少于 {least} 个。请选择其他波段或日期，或不作归一化。</translation>
        </message>
        <message>
            <source>Theil</source>
            <translation>泰尔</translation>
        </message>
        <message>
            <source>Theil index of light</source>
            <translation>灯光的泰尔指数</translation>
        </message>
        <message>
            <source>Theil, H. (1967): Economics and Information Theory. North-Holland, Amsterdam.</source>
            <translation>Theil, H. (1967): Economics and Information Theory. North-Holland, Amsterdam.</translation>
        </message>
        <message>
            <source>Theme</source>
            <translation>主题</translation>
        </message>
        <message>
            <source>Theme {number} of your own cannot be read: it is left out.</source>
            <translation>您自己的第 {number} 个主题无法读取，已略过。</translation>
        </message>
        <message>
            <source>There are {builtup} years of built-up area, {years} of population and {epochs} populations. Give as many of each.</source>
            <translation>建成区面积有 {builtup} 个年份，人口有 {years} 个年份和 {epochs} 组数据。请使三者数目相同。</translation>
        </message>
        <message>
            <source>There are {count} rows of zones and dates: see the table of zones and dates itself.</source>
            <translation>分区和日期共有 {count} 行：请直接查看分区与日期表。</translation>
        </message>
        <message>
            <source>There is no catalog “{text}”. Give the address of one, a folder with a catalog, or one of these names: {names}.</source>
            <translation>没有目录“{text}”。请给出目录的地址、含目录的文件夹，或以下名称之一：{names}。</translation>
        </message>
        <message>
            <source>There is no land cover map of {year}; there are maps of {years}.</source>
            <translation>没有 {year} 年的土地覆盖图；现有年份为 {years}。</translation>
        </message>
        <message>
            <source>There is no layer to take the area from.</source>
            <translation>没有可从中取得区域的图层。</translation>
        </message>
        <message>
            <source>There is no network, or no server answers. It is tried again at {time}.</source>
            <translation>没有网络，或没有服务器响应。将于 {time} 重试。</translation>
        </message>
        <message>
            <source>There is nothing here yet. What you download, add with “+”, or compute with the algorithms of DBAR SDG Tools comes here, and is found again without a network.</source>
            <translation>此处尚无内容。您下载的数据、用“+”添加的数据、用 DBAR SDG Tools 的算法计算的数据都会收入此处，没有网络也能找到。</translation>
        </message>
        <message>
            <source>These files become one item. Add at least one raster; tables and reports of the same result may go with it.</source>
            <translation>这些文件成为一个条目。请至少添加一个栅格；同一结果的表格和报告可以一并共享。</translation>
        </message>
        <message>
            <source>They are on the web already</source>
            <translation>文件已在网络上</translation>
        </message>
        <message>
            <source>They were computed from data whose terms forbid to pass them on. Tick this if the terms, or your agreement, allow to share results.</source>
            <translation>它们由条款禁止转发的数据计算而来。如果条款或您的协议允许共享结果，请勾选。</translation>
        </message>
        <message>
            <source>Third quartile</source>
            <translation>第三四分位数</translation>
        </message>
        <message>
            <source>This entry is not an item.</source>
            <translation>此项不是条目。</translation>
        </message>
        <message>
            <source>This is a big download. Begin?</source>
            <translation>下载量很大。要开始吗？</translation>
        </message>
        <message>
            <source>This is no file of catalog connections.</source>
            <translation>这不是目录连接文件。</translation>
        </message>
        <message>
            <source>Threads (0: as many as QGIS may use)</source>
            <translation>线程数（0：QGIS 允许的全部线程）</translation>
        </message>
        <message>
            <source>Threshold</source>
            <translation>阈值</translation>
        </message>
        <message>
            <source>Threshold of the run (1)</source>
            <translation>运行所用的阈值（1）</translation>
        </message>
        <message>
            <source>Thresholds of the curve (empty: round numbers)</source>
            <translation>曲线的阈值（空：整齐数值）</translation>
        </message>
        <message>
            <source>Through time</source>
            <translation>随时间的变化</translation>
        </message>
        <message>
            <source>Time of the scene (UTC)</source>
            <translation>影像时间（UTC）</translation>
        </message>
        <message>
            <source>Title</source>
            <translation>标题</translation>
        </message>
        <message>
            <source>Title and licence are given, and all values can be read.</source>
            <translation>已给出标题和许可协议，所有值均可读取。</translation>
        </message>
        <message>
            <source>To</source>
            <translation>变化后</translation>
        </message>
        <message>
            <source>To a web folder (WebDAV, HTTP PUT)</source>
            <translation>上传到网络文件夹（WebDAV、HTTP PUT）</translation>
        </message>
        <message>
            <source>To addresses that are signed for upload</source>
            <translation>上传到已签名的地址</translation>
        </message>
        <message>
            <source>To class</source>
            <translation>变化后类别</translation>
        </message>
        <message>
            <source>To, km²</source>
            <translation>变化后，km²</translation>
        </message>
        <message>
            <source>Too far from the whole</source>
            <translation>与整体位移相差过大</translation>
        </message>
        <message>
            <source>Too few dates</source>
            <translation>日期过少</translation>
        </message>
        <message>
            <source>Too small a part of the city has data.</source>
            <translation>该城市有数据的部分太小。</translation>
        </message>
        <message>
            <source>Total</source>
            <translation>合计</translation>
        </message>
        <message>
            <source>Total night light (TNL)</source>
            <translation>夜间灯光总量（TNL）</translation>
        </message>
        <message>
            <source>Total night light of all zones</source>
            <translation>全部分区的夜间灯光总量</translation>
        </message>
        <message>
            <source>Town or semi-dense area</source>
            <translation>城镇或半稠密地区</translation>
        </message>
        <message>
            <source>Transfers</source>
            <translation>传输</translation>
        </message>
        <message>
            <source>Transition code</source>
            <translation>转移代码</translation>
        </message>
        <message>
            <source>Transitions of land cover: rows are the classes at the start, columns those at the end. What has not changed is bold; a bar is the share of the row.</source>
            <translation>土地覆盖转移：行为期初类别，列为期末类别。未变化的为粗体；条形表示占该行的比例。</translation>
        </message>
        <message>
            <source>Tree-covered areas</source>
            <translation>林地</translation>
        </message>
        <message>
            <source>Trend</source>
            <translation>趋势</translation>
        </message>
        <message>
            <source>Trend of {statistic}. {remark}</source>
            <translation>{statistic}的趋势。{remark}</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>重试</translation>
        </message>
        <message>
            <source>Try all again that failed</source>
            <translation>重试所有失败的</translation>
        </message>
        <message>
            <source>Try now</source>
            <translation>立即重试</translation>
        </message>
        <message>
            <source>Type</source>
            <translation>类型</translation>
        </message>
        <message>
            <source>Type by the index</source>
            <translation>按指数划分的类型</translation>
        </message>
        <message>
            <source>Type in words</source>
            <translation>类型名称</translation>
        </message>
        <message>
            <source>Type the coefficients: a row with band, gain and bias for each band that is wanted. The bands are {bands}.</source>
            <translation>请输入系数：每个需要的波段一行，填写波段、增益和偏置。波段有 {bands}。</translation>
        </message>
        <message>
            <source>Typed coefficients</source>
            <translation>手工输入的系数</translation>
        </message>
        <message>
            <source>Typed coefficients: “{band}” is no band of the raster, or is typed twice. The bands are {bands}, or their numbers from 1.</source>
            <translation>手工输入的系数：“{band}”不是栅格的波段，或输入了两次。波段有 {bands}，也可用从 1 开始的序号。</translation>
        </message>
        <message>
            <source>Types of urban growth</source>
            <translation>城市增长类型</translation>
        </message>
        <message>
            <source>Types told apart by (extent, lei)</source>
            <translation>类型的划分方法（extent、lei）</translation>
        </message>
        <message>
            <source>UN-Habitat: training module on indicator 11.3.1, edition of 2018.</source>
            <translation>联合国人居署：指标 11.3.1 培训模块，2018 年版。</translation>
        </message>
        <message>
            <source>UNCCD class (1–7)</source>
            <translation>UNCCD 类别（1–7）</translation>
        </message>
        <message>
            <source>Undefined: a rate is missing, see the flags</source>
            <translation>未定义：缺少一个比率，见标记</translation>
        </message>
        <message>
            <source>Under drought, of land with data (%)</source>
            <translation>干旱土地，占有数据土地的比例（%）</translation>
        </message>
        <message>
            <source>Undoing what was done…</source>
            <translation>正在撤销已做的操作…</translation>
        </message>
        <message>
            <source>Unit</source>
            <translation>单位</translation>
        </message>
        <message>
            <source>Unit of the light</source>
            <translation>灯光单位</translation>
        </message>
        <message>
            <source>Unit of the light (auto: as the rasters say)</source>
            <translation>灯光单位（auto：以栅格记录为准）</translation>
        </message>
        <message>
            <source>United Nations Convention to Combat Desertification: PRAIS4 reporting manual, strategic objective 1, reporting cycle of 2026.</source>
            <translation>联合国防治荒漠化公约：PRAIS4 报告手册，战略目标 1，2026 年报告周期。</translation>
        </message>
        <message>
            <source>United Nations Statistics Division: SDG indicator metadata 11-03-01, ratio of land consumption rate to population growth rate, edition of 2021-03-01.</source>
            <translation>联合国统计司：SDG 指标元数据 11-03-01，土地消耗率与人口增长率之比，2021-03-01 版。</translation>
        </message>
        <message>
            <source>United Nations Statistics Division: SDG indicator metadata 15-03-01, proportion of land that is degraded over total land area.</source>
            <translation>联合国统计司：SDG 指标元数据 15-03-01，退化土地占土地总面积的比例。</translation>
        </message>
        <message>
            <source>Units</source>
            <translation>单元数</translation>
        </message>
        <message>
            <source>Units (polygons)</source>
            <translation>单元（多边形）</translation>
        </message>
        <message>
            <source>Units and people by class</source>
            <translation>各类别单元数和人口</translation>
        </message>
        <message>
            <source>Units by class</source>
            <translation>各类别单元</translation>
        </message>
        <message>
            <source>Units outside the classes of {name}: {count}</source>
            <translation>位于 {name} 的分类之外的单元：{count} 个</translation>
        </message>
        <message>
            <source>Units partly outside the classes of {name}: {count}</source>
            <translation>部分位于 {name} 的分类之外的单元：{count} 个</translation>
        </message>
        <message>
            <source>Units that hold no cell's centre, with all cells they touch: {count}</source>
            <translation>不含任何像元中心、取其接触的所有像元的单元：{count} 个</translation>
        </message>
        <message>
            <source>Units without a geometry: {count}</source>
            <translation>没有几何的单元：{count} 个</translation>
        </message>
        <message>
            <source>Units without people, classified by their land: {count}</source>
            <translation>无人居住、按陆地面积划分类别的单元：{count} 个</translation>
        </message>
        <message>
            <source>Unusual beyond this z-score</source>
            <translation>z 得分超过此值为异常</translation>
        </message>
        <message>
            <source>Unusually bright (cells)</source>
            <translation>异常亮（像元数）</translation>
        </message>
        <message>
            <source>Unusually bright (km²)</source>
            <translation>异常亮（km²）</translation>
        </message>
        <message>
            <source>Unusually dark (cells)</source>
            <translation>异常暗（像元数）</translation>
        </message>
        <message>
            <source>Unusually dark (km²)</source>
            <translation>异常暗（km²）</translation>
        </message>
        <message>
            <source>Unverified</source>
            <translation>未验证</translation>
        </message>
        <message>
            <source>Unverified: it has not been asked yet.</source>
            <translation>未验证：尚未访问过。</translation>
        </message>
        <message>
            <source>Urban built-up</source>
            <translation>城市建成区</translation>
        </message>
        <message>
            <source>Urban centre</source>
            <translation>城市中心</translation>
        </message>
        <message>
            <source>Urban centres</source>
            <translation>城市中心</translation>
        </message>
        <message>
            <source>Urban centres: {centres}; urban clusters: {clusters}.</source>
            <translation>城市中心：{centres} 个；城市集群：{clusters} 个。</translation>
        </message>
        <message>
            <source>Urban cluster</source>
            <translation>城市集群</translation>
        </message>
        <message>
            <source>Urban clusters</source>
            <translation>城市集群</translation>
        </message>
        <message>
            <source>Urban extent</source>
            <translation>城市范围</translation>
        </message>
        <message>
            <source>Urban extent, last date (km²)</source>
            <translation>城市范围，最后一个时相（km²）</translation>
        </message>
        <message>
            <source>Urban extents</source>
            <translation>城市范围</translation>
        </message>
        <message>
            <source>Urban: built-up share of the walking circle above (%)</source>
            <translation>城市：步行圈内建成区比例高于（%）</translation>
        </message>
        <message>
            <source>Use a raster that covers the zone, or leave it out.</source>
            <translation>请使用覆盖该分区的栅格，或不计算该分区。</translation>
        </message>
        <message>
            <source>Use another folder…</source>
            <translation>使用其他文件夹…</translation>
        </message>
        <message>
            <source>Use as input of</source>
            <translation>用作以下算法的输入</translation>
        </message>
        <message>
            <source>Use finer rasters, or join the zone to another one.</source>
            <translation>请使用更精细的栅格，或将该分区并入其他分区。</translation>
        </message>
        <message>
            <source>Use for {title}</source>
            <translation>用于“{title}”</translation>
        </message>
        <message>
            <source>Use rasters that cover the whole city, or leave it out.</source>
            <translation>请使用覆盖整个城市的栅格，或不计算该城市。</translation>
        </message>
        <message>
            <source>Use rasters that cover the zone, or leave it out.</source>
            <translation>请使用覆盖该分区的栅格，或不计算该分区。</translation>
        </message>
        <message>
            <source>Use selected</source>
            <translation>使用所选</translation>
        </message>
        <message>
            <source>Used</source>
            <translation>已使用</translation>
        </message>
        <message>
            <source>V: built-up area, P: population, 1 and 2: start and end of an interval of t years. LCR: land consumption rate, PGR: population growth rate.</source>
            <translation>V：建成区面积，P：人口，1 和 2：长度为 t 年的时段的起点和终点。LCR：土地消耗率，PGR：人口增长率。</translation>
        </message>
        <message>
            <source>Value</source>
            <translation>值</translation>
        </message>
        <message>
            <source>Value of the year</source>
            <translation>一年的值</translation>
        </message>
        <message>
            <source>Values</source>
            <translation>值数</translation>
        </message>
        <message>
            <source>Values that are water (empty: all but 0)</source>
            <translation>表示水体的值（空：0 以外的所有值）</translation>
        </message>
        <message>
            <source>Values that are water, such as 7 (empty: all but 0)</source>
            <translation>表示水体的值，例如 7（空：0 以外的所有值）</translation>
        </message>
        <message>
            <source>Verify files</source>
            <translation>校验文件</translation>
        </message>
        <message>
            <source>Verifying the files of My data</source>
            <translation>正在校验“我的数据”的文件</translation>
        </message>
        <message>
            <source>Very low-density rural</source>
            <translation>极低密度乡村</translation>
        </message>
        <message>
            <source>Village</source>
            <translation>村庄</translation>
        </message>
        <message>
            <source>WMS</source>
            <translation>WMS</translation>
        </message>
        <message>
            <source>WMTS</source>
            <translation>WMTS</translation>
        </message>
        <message>
            <source>Waiting</source>
            <translation>等待中</translation>
        </message>
        <message>
            <source>Waiting for the network</source>
            <translation>等待网络</translation>
        </message>
        <message>
            <source>Warm temperate, dry</source>
            <translation>暖温带，干旱</translation>
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
            <source>Water</source>
            <translation>水体</translation>
        </message>
        <message>
            <source>Water (polygons), instead</source>
            <translation>代替栅格的水体（多边形）</translation>
        </message>
        <message>
            <source>Water (raster)</source>
            <translation>水体（栅格）</translation>
        </message>
        <message>
            <source>Water bodies</source>
            <translation>水体</translation>
        </message>
        <message>
            <source>Water is given twice, as a raster and as polygons. Leave one of them out.</source>
            <translation>水体以栅格和多边形两种方式给出。请去掉其中一种。</translation>
        </message>
        <message>
            <source>Web page of the organisation</source>
            <translation>机构的网页</translation>
        </message>
        <message>
            <source>Wetland</source>
            <translation>湿地</translation>
        </message>
        <message>
            <source>What a search finds is shown here.</source>
            <translation>搜索到的内容显示在此处。</translation>
        </message>
        <message>
            <source>What counts as light</source>
            <translation>什么算作灯光</translation>
        </message>
        <message>
            <source>What each zone was spread by</source>
            <translation>各分区的分配依据</translation>
        </message>
        <message>
            <source>What fills stripes</source>
            <translation>条带的填补值</translation>
        </message>
        <message>
            <source>What is done with all transfers</source>
            <translation>对全部传输的操作</translation>
        </message>
        <message>
            <source>What is missing, and why</source>
            <translation>缺失数据及原因</translation>
        </message>
        <message>
            <source>What it is</source>
            <translation>数据说明</translation>
        </message>
        <message>
            <source>What the address leads to is not known yet. Wait until it is found out, or choose the kind yourself.</source>
            <translation>该地址的类型尚未确定。请等待识别完成，或自行选择类型。</translation>
        </message>
        <message>
            <source>What the map shows</source>
            <translation>地图显示的范围</translation>
        </message>
        <message>
            <source>What to do</source>
            <translation>处理办法</translation>
        </message>
        <message>
            <source>What to share</source>
            <translation>共享的内容</translation>
        </message>
        <message>
            <source>What was done to each cell</source>
            <translation>对每个像元所做的处理</translation>
        </message>
        <message>
            <source>Where a sub-indicator is missing</source>
            <translation>缺少子指标时的处理方式</translation>
        </message>
        <message>
            <source>Where both half swaths have data</source>
            <translation>两个半幅都有数据之处</translation>
        </message>
        <message>
            <source>Where coefficients differ by detector row</source>
            <translation>系数因探测器行而异时</translation>
        </message>
        <message>
            <source>Where is {name}?</source>
            <translation>{name} 在哪里？</translation>
        </message>
        <message>
            <source>Where it goes</source>
            <translation>共享的位置</translation>
        </message>
        <message>
            <source>Where land cover changed, and whether each change degrades or improves the land.</source>
            <translation>哪里的土地覆盖发生了变化，以及每种变化使土地退化还是改善。</translation>
        </message>
        <message>
            <source>Where the files go: address of a web folder, or a folder</source>
            <translation>文件存放的位置：网络文件夹的地址，或文件夹</translation>
        </message>
        <message>
            <source>While it is computed, {path} takes {needed} MB more, but only {free} MB are free. Free space, or choose another folder.</source>
            <translation>计算期间，{path} 还需占用 {needed} MB，但只剩 {free} MB。请腾出空间，或选择其他文件夹。</translation>
        </message>
        <message>
            <source>White LED type</source>
            <translation>白光 LED 型</translation>
        </message>
        <message>
            <source>White LED type, of the light of lit cells (%)</source>
            <translation>白光 LED 型在有灯光像元灯光中的占比（%）</translation>
        </message>
        <message>
            <source>White LED type: B / G above</source>
            <translation>白光 LED 型：B / G 高于</translation>
        </message>
        <message>
            <source>Who gets the project gets the search; no credentials are in it.</source>
            <translation>得到工程的人也会得到此搜索；其中不含凭据。</translation>
        </message>
        <message>
            <source>Who reads from its bucket pays for it. Fetch the file with a program of that service, then add the file.</source>
            <translation>从其存储桶读取者须付费。请用该服务的程序下载文件，然后添加该文件。</translation>
        </message>
        <message>
            <source>Whole area</source>
            <translation>整个范围</translation>
        </message>
        <message>
            <source>Width (nm)</source>
            <translation>宽度（nm）</translation>
        </message>
        <message>
            <source>Width of the fringe (m)</source>
            <translation>边缘的宽度（m）</translation>
        </message>
        <message>
            <source>Widths of the bands red, green and blue (nm)</source>
            <translation>红、绿、蓝波段的宽度（nm）</translation>
        </message>
        <message>
            <source>With credentials: no</source>
            <translation>带凭据：否</translation>
        </message>
        <message>
            <source>With credentials: yes</source>
            <translation>带凭据：是</translation>
        </message>
        <message>
            <source>With tiles and overviews, so that parts can be read over the web.</source>
            <translation>带分块和概览图，可以通过网络读取局部。</translation>
        </message>
        <message>
            <source>Without a class (km²)</source>
            <translation>无类别（km²）</translation>
        </message>
        <message>
            <source>Without a collection</source>
            <translation>无集合</translation>
        </message>
        <message>
            <source>Without a date</source>
            <translation>无日期</translation>
        </message>
        <message>
            <source>Without a geometry that has an area, so without results ({count}): {names}</source>
            <translation>没有具有面积的几何，因此没有结果（{count} 个）：{names}</translation>
        </message>
        <message>
            <source>Without a name</source>
            <translation>无名称</translation>
        </message>
        <message>
            <source>Without a result: {no_land_cover} km² without land cover, {water} km² water at the first date, {no_stock} km² without a stock, {no_factor} km² without a factor.</source>
            <translation>没有结果：无土地覆盖 {no_land_cover} km²，第一个时相为水体 {water} km²，无储量 {no_stock} km²，无因子 {no_factor} km²。</translation>
        </message>
        <message>
            <source>Without any of these conditions</source>
            <translation>去掉所有这些条件</translation>
        </message>
        <message>
            <source>Without light data</source>
            <translation>灯光无数据处</translation>
        </message>
        <message>
            <source>Without lit cells: dark up to this brightness (empty: background)</source>
            <translation>未给出有灯光像元栅格时：亮度不超过此值为暗（空：背景值）</translation>
        </message>
        <message>
            <source>Without zones, {area} km² where no raster has data count as outside the area. Give zones to count all their land.</source>
            <translation>未给出分区时，所有栅格都没有数据的 {area} km² 视为范围之外。请给出分区，以计入其全部土地。</translation>
        </message>
        <message>
            <source>Without {part}</source>
            <translation>去掉“{part}”</translation>
        </message>
        <message>
            <source>Words</source>
            <translation>词语</translation>
        </message>
        <message>
            <source>Words in title, id or collection</source>
            <translation>标题、标识或集合中的词语</translation>
        </message>
        <message>
            <source>Words, such as: annual night light</source>
            <translation>词语，例如：annual night light</translation>
        </message>
        <message>
            <source>Write days as 2020-12-31.</source>
            <translation>日期请写作 2020-12-31 的形式。</translation>
        </message>
        <message>
            <source>Write over it</source>
            <translation>将其覆盖</translation>
        </message>
        <message>
            <source>Writing the sample catalog</source>
            <translation>正在写入示例目录</translation>
        </message>
        <message>
            <source>Writing the sample catalog, to try this offline…</source>
            <translation>正在写入示例目录，供离线试用…</translation>
        </message>
        <message>
            <source>Writing the sample data</source>
            <translation>正在写入示例数据</translation>
        </message>
        <message>
            <source>Written to {path}, without credentials.</source>
            <translation>已写入 {path}，不含凭据。</translation>
        </message>
        <message>
            <source>XYZ</source>
            <translation>XYZ</translation>
        </message>
        <message>
            <source>Year</source>
            <translation>年份</translation>
        </message>
        <message>
            <source>Years in which no cell has enough valid composites: {years}</source>
            <translation>没有任何像元有足够有效合成影像的年份：{years}</translation>
        </message>
        <message>
            <source>Years of NDVI (empty: read from the names)</source>
            <translation>NDVI 的年份（空：从名称读取）</translation>
        </message>
        <message>
            <source>Years of a block</source>
            <translation>每个年段的年数</translation>
        </message>
        <message>
            <source>Years of land cover (empty: read from the names)</source>
            <translation>土地覆盖的年份（空：从名称读取）</translation>
        </message>
        <message>
            <source>Years of the population, where they differ</source>
            <translation>人口的年份（与建成区不同时）</translation>
        </message>
        <message>
            <source>Years of {span} without a raster: {years}</source>
            <translation>{span} 中没有栅格的年份：{years}</translation>
        </message>
        <message>
            <source>Years until the stock reaches its new level</source>
            <translation>储量达到新水平所需的年数</translation>
        </message>
        <message>
            <source>Years with a raster</source>
            <translation>有栅格的年份</translation>
        </message>
        <message>
            <source>Years without a raster: {years}; the others keep their distance</source>
            <translation>没有栅格的年份：{years}；其余年份的间隔保持不变</translation>
        </message>
        <message>
            <source>Years without any composite, so without a band: {years}</source>
            <translation>没有任何合成影像、因此没有波段的年份：{years}</translation>
        </message>
        <message>
            <source>Years, such as 1990,2000,2015 (empty: read from the names)</source>
            <translation>年份，例如 1990,2000,2015（空：从名称读取）</translation>
        </message>
        <message>
            <source>Years, such as 2000,2001,2002 (empty: read from the names)</source>
            <translation>年份，例如 2000,2001,2002（空：从名称读取）</translation>
        </message>
        <message>
            <source>Years, such as 2000,2015 (empty: read from the names)</source>
            <translation>年份，例如 2000,2015（空：从名称读取）</translation>
        </message>
        <message>
            <source>You may share data to it.</source>
            <translation>您可以向它共享数据。</translation>
        </message>
        <message>
            <source>Zone</source>
            <translation>分区</translation>
        </message>
        <message>
            <source>Zones</source>
            <translation>分区</translation>
        </message>
        <message>
            <source>Zones (polygons)</source>
            <translation>分区（面）</translation>
        </message>
        <message>
            <source>Zones (polygons; none: the whole area)</source>
            <translation>分区（面；不给出：整个范围）</translation>
        </message>
        <message>
            <source>Zones and dates; a date is the first day of its period.</source>
            <translation>各分区各日期；日期为该时段的第一天。</translation>
        </message>
        <message>
            <source>Zones by the proportion degraded, highest first.</source>
            <translation>按退化比例由高到低排列的分区。</translation>
        </message>
        <message>
            <source>Zones on {date}. Full light of the CNLI: {reference}. {unit}</source>
            <translation>{date} 的各分区。CNLI 的满亮度：{reference}。{unit}</translation>
        </message>
        <message>
            <source>Zones outside the raster ({count}): {names}</source>
            <translation>位于栅格之外的分区（{count} 个）：{names}</translation>
        </message>
        <message>
            <source>Zones outside the raster, left out here: {count}.</source>
            <translation>位于栅格之外、此处未列出的分区：{count} 个。</translation>
        </message>
        <message>
            <source>Zones outside the rasters ({count}): {names}</source>
            <translation>位于栅格之外的分区（{count} 个）：{names}</translation>
        </message>
        <message>
            <source>Zones outside the rasters, left out here: {count}.</source>
            <translation>位于栅格之外、此处未列出的分区：{count} 个。</translation>
        </message>
        <message>
            <source>Zones overlap: what they share is in these sums several times.</source>
            <translation>分区相互重叠：重叠部分在这些总和中计入多次。</translation>
        </message>
        <message>
            <source>Zones partly outside a raster ({count}): {names}</source>
            <translation>部分位于某一栅格之外的分区（{count} 个）：{names}</translation>
        </message>
        <message>
            <source>Zones partly outside the raster ({count}): {names}</source>
            <translation>部分位于栅格之外的分区（{count} 个）：{names}</translation>
        </message>
        <message>
            <source>Zones that are neutral in the last period</source>
            <translation>最后一期实现零增长的分区数</translation>
        </message>
        <message>
            <source>Zones that hold no cell's centre ({count}): {names}</source>
            <translation>不含任何像元中心的分区（{count} 个）：{names}</translation>
        </message>
        <message>
            <source>Zones that overlap another ({count}); a cell counts for the first only: {names}</source>
            <translation>与其他分区重叠的分区（{count} 个）；像元只计入第一个分区：{names}</translation>
        </message>
        <message>
            <source>Zones that overlap others; each counts the shared cells ({count}): {names}</source>
            <translation>与其他分区重叠的分区；共有像元分别计入各分区（{count} 个）：{names}</translation>
        </message>
        <message>
            <source>Zones that overlap others; shared cells count in the first ({count}): {names}</source>
            <translation>与其他分区重叠的分区；共有像元计入第一个分区（{count} 个）：{names}</translation>
        </message>
        <message>
            <source>Zones to report on</source>
            <translation>要统计的分区</translation>
        </message>
        <message>
            <source>Zones whose figures are missing or hold in part only.</source>
            <translation>数字缺失或仅部分有效的分区。</translation>
        </message>
        <message>
            <source>Zones whose light rises / falls</source>
            <translation>灯光上升 / 下降的分区</translation>
        </message>
        <message>
            <source>Zones with a falling trend</source>
            <translation>灯光下降的分区数</translation>
        </message>
        <message>
            <source>Zones with a rising trend</source>
            <translation>灯光上升的分区数</translation>
        </message>
        <message>
            <source>Zones with an empty name in “{field}” ({count}), told by their numbers: {names}</source>
            <translation>“{field}”中名称为空的分区，以编号区分（{count} 个）：{names}</translation>
        </message>
        <message>
            <source>Zones without a cell of the baseline raster ({count}): {names}</source>
            <translation>没有基线栅格像元的分区（{count} 个）：{names}</translation>
        </message>
        <message>
            <source>Zones without a cell of the rasters ({count}): {names}</source>
            <translation>不含栅格像元的分区（{count} 个）：{names}</translation>
        </message>
        <message>
            <source>Zones without a cell, whose total is lost ({count}): {names}</source>
            <translation>不含像元、总量无法分配的分区（{count} 个）：{names}</translation>
        </message>
        <message>
            <source>Zones without a geometry ({count}): {names}</source>
            <translation>没有几何的分区（{count} 个）：{names}</translation>
        </message>
        <message>
            <source>Zones without data ({count}): {names}</source>
            <translation>没有数据的分区（{count} 个）：{names}</translation>
        </message>
        <message>
            <source>Zones without data in the indicator ({count}): {names}</source>
            <translation>指标中没有数据的分区（{count} 个）：{names}</translation>
        </message>
        <message>
            <source>Zones without light</source>
            <translation>没有灯光的分区数</translation>
        </message>
        <message>
            <source>Zones without light ({count}): {names}</source>
            <translation>没有灯光的分区（{count} 个）：{names}</translation>
        </message>
        <message>
            <source>Zones without light, spread by their people ({count}): {names}</source>
            <translation>没有灯光、按人口分配的分区（{count} 个）：{names}</translation>
        </message>
        <message>
            <source>Zones without light, spread evenly ({count}): {names}</source>
            <translation>没有灯光、平均分配的分区（{count} 个）：{names}</translation>
        </message>
        <message>
            <source>Zones: {zones}, dates: {dates}; trend rising: {rising}, falling: {falling}.</source>
            <translation>分区：{zones} 个，日期：{dates} 个；趋势上升：{rising} 个，下降：{falling} 个。</translation>
        </message>
        <message>
            <source>Zoom to</source>
            <translation>缩放到</translation>
        </message>
        <message>
            <source>above 2: land changes over twice as much</source>
            <translation>大于 2：土地变化超过人口变化的两倍</translation>
        </message>
        <message>
            <source>above the background</source>
            <translation>高于背景</translation>
        </message>
        <message>
            <source>all</source>
            <translation>全部</translation>
        </message>
        <message>
            <source>all of it</source>
            <translation>全部条件</translation>
        </message>
        <message>
            <source>all of the area, water and no data inside</source>
            <translation>全部面积（含水体和无数据）</translation>
        </message>
        <message>
            <source>another size</source>
            <translation>大小不同</translation>
        </message>
        <message>
            <source>any</source>
            <translation>不限</translation>
        </message>
        <message>
            <source>area</source>
            <translation>区域</translation>
        </message>
        <message>
            <source>at the end</source>
            <translation>期末</translation>
        </message>
        <message>
            <source>at the start</source>
            <translation>期初</translation>
        </message>
        <message>
            <source>average night light (ANTL)</source>
            <translation>夜间灯光平均值（ANTL）</translation>
        </message>
        <message>
            <source>baseline</source>
            <translation>基线</translation>
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
            <source>by the landscape expansion index</source>
            <translation>按景观扩张指数</translation>
        </message>
        <message>
            <source>by the urban extent</source>
            <translation>按城市范围</translation>
        </message>
        <message>
            <source>carbon stock</source>
            <translation>碳储量</translation>
        </message>
        <message>
            <source>carbon stock at the end</source>
            <translation>期末碳储量</translation>
        </message>
        <message>
            <source>carbon stock at the start</source>
            <translation>期初碳储量</translation>
        </message>
        <message>
            <source>catalog,STAC,CSW,Records,share,open data</source>
            <translation>STAC,CSW,Records,目录,数据目录,共享,开放数据</translation>
        </message>
        <message>
            <source>change</source>
            <translation>变化</translation>
        </message>
        <message>
            <source>changed</source>
            <translation>已更改</translation>
        </message>
        <message>
            <source>cloud cover</source>
            <translation>云量</translation>
        </message>
        <message>
            <source>cloud-free observations</source>
            <translation>无云观测次数</translation>
        </message>
        <message>
            <source>collection</source>
            <translation>集合</translation>
        </message>
        <message>
            <source>covers {share}</source>
            <translation>覆盖 {share}</translation>
        </message>
        <message>
            <source>defined</source>
            <translation>有定义</translation>
        </message>
        <message>
            <source>done {count}</source>
            <translation>完成 {count} 个</translation>
        </message>
        <message>
            <source>downloading</source>
            <translation>下载中</translation>
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
            <source>failed {count}</source>
            <translation>失败 {count} 个</translation>
        </message>
        <message>
            <source>falling</source>
            <translation>下降</translation>
        </message>
        <message>
            <source>feature {id}</source>
            <translation>要素 {id}</translation>
        </message>
        <message>
            <source>fetching {count}</source>
            <translation>下载中 {count} 个</translation>
        </message>
        <message>
            <source>final land cover</source>
            <translation>期末土地覆盖</translation>
        </message>
        <message>
            <source>formula {formula}</source>
            <translation>公式 {formula}</translation>
        </message>
        <message>
            <source>from data that must not be passed on</source>
            <translation>由不得转发的数据得到</translation>
        </message>
        <message>
            <source>id</source>
            <translation>标识</translation>
        </message>
        <message>
            <source>in two bands</source>
            <translation>至少在两个波段有灯光</translation>
        </message>
        <message>
            <source>indicator</source>
            <translation>指标</translation>
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
            <source>initial land cover</source>
            <translation>期初土地覆盖</translation>
        </message>
        <message>
            <source>inland water</source>
            <translation>内陆水体</translation>
        </message>
        <message>
            <source>land cover</source>
            <translation>土地覆盖</translation>
        </message>
        <message>
            <source>land cover change</source>
            <translation>土地覆盖变化</translation>
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
            <source>land productivity</source>
            <translation>土地生产力</translation>
        </message>
        <message>
            <source>land shrinks, population grows</source>
            <translation>土地减少，人口增长</translation>
        </message>
        <message>
            <source>land without inland water</source>
            <translation>土地（不含内陆水体）</translation>
        </message>
        <message>
            <source>lit</source>
            <translation>有灯光</translation>
        </message>
        <message>
            <source>lit area</source>
            <translation>亮区面积</translation>
        </message>
        <message>
            <source>lit threshold</source>
            <translation>灯光阈值</translation>
        </message>
        <message>
            <source>local</source>
            <translation>本机</translation>
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
            <source>missing</source>
            <translation>缺失</translation>
        </message>
        <message>
            <source>months of the year</source>
            <translation>月份</translation>
        </message>
        <message>
            <source>must not be passed on</source>
            <translation>不得转发</translation>
        </message>
        <message>
            <source>m² per person</source>
            <translation>m²/人</translation>
        </message>
        <message>
            <source>near panchromatic light</source>
            <translation>附近有全色灯光</translation>
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
            <source>night light</source>
            <translation>夜间灯光</translation>
        </message>
        <message>
            <source>night light,SDGSAT-1,VIIRS,composite,median,mean,percentile,stack,time series</source>
            <translation>夜间灯光,夜光,SDGSAT-1,VIIRS,合成,中位数,平均值,百分位数,叠加,时间序列</translation>
        </message>
        <message>
            <source>night light,SDGSAT-1,pan-sharpening,GSA,Gram-Schmidt,panchromatic,10 m</source>
            <translation>夜间灯光,夜光,SDGSAT-1,全色锐化,融合,GSA,Gram-Schmidt,全色,10 m</translation>
        </message>
        <message>
            <source>night light,change,outage,blackout,disaster,normalisation,pseudo-invariant,difference,ratio,z-score,anomaly,population,SDGSAT,VIIRS,DMSP</source>
            <translation>夜间灯光,夜光,变化,停电,断电,灾害,归一化,伪不变特征,差值,比值,z 得分,异常,人口,SDGSAT,VIIRS,DMSP</translation>
        </message>
        <message>
            <source>night light,colour,spectral type,LED,RRLI,RBLI,NDIGR,NDIBG,SONDI,blue light,SDGSAT,Glimmer Imager</source>
            <translation>夜间灯光,夜光,颜色,光谱类型,LED,RRLI,RBLI,NDIGR,NDIBG,SONDI,蓝光,SDGSAT,微光成像仪</translation>
        </message>
        <message>
            <source>night light,dasymetric,downscaling,disaggregation,GDP,electricity,totals,zones</source>
            <translation>夜间灯光,夜光,分区密度,降尺度,空间化,GDP,用电量,总量,分区</translation>
        </message>
        <message>
            <source>night light,lit area,threshold,Otsu,built-up,urban extent,VANUI,HSI,EANTLI,NDVI,VIIRS,SDGSAT</source>
            <translation>夜间灯光,夜光,亮区,亮区面积,阈值,Otsu,建成区,城市范围,VANUI,HSI,EANTLI,NDVI,VIIRS,SDGSAT</translation>
        </message>
        <message>
            <source>night light,zonal statistics,total night light,TNL,ANTL,CNLI,NLDI,Gini,Theil,Lorenz,inequality,trend,VIIRS,Black Marble,DMSP,SDGSAT</source>
            <translation>夜间灯光,夜光,分区统计,夜光总量,TNL,ANTL,CNLI,NLDI,基尼系数,泰尔指数,洛伦兹曲线,不均衡,趋势,VIIRS,Black Marble,DMSP,SDGSAT</translation>
        </message>
        <message>
            <source>no</source>
            <translation>否</translation>
        </message>
        <message>
            <source>no data</source>
            <translation>无数据</translation>
        </message>
        <message>
            <source>none</source>
            <translation>无</translation>
        </message>
        <message>
            <source>not told</source>
            <translation>未说明</translation>
        </message>
        <message>
            <source>of all area</source>
            <translation>占全部面积</translation>
        </message>
        <message>
            <source>of land</source>
            <translation>占土地</translation>
        </message>
        <message>
            <source>of land with data</source>
            <translation>占有数据的土地</translation>
        </message>
        <message>
            <source>of {total}, by {statistic}</source>
            <translation>共 {total} 个，按{statistic}</translation>
        </message>
        <message>
            <source>on land</source>
            <translation>土地上</translation>
        </message>
        <message>
            <source>on the map</source>
            <translation>在地图上</translation>
        </message>
        <message>
            <source>on water</source>
            <translation>水体上</translation>
        </message>
        <message>
            <source>over people</source>
            <translation>按人口</translation>
        </message>
        <message>
            <source>p value</source>
            <translation>p 值</translation>
        </message>
        <message>
            <source>p value of the trend</source>
            <translation>趋势的 p 值</translation>
        </message>
        <message>
            <source>paused {count}</source>
            <translation>已暂停 {count} 个</translation>
        </message>
        <message>
            <source>per year</source>
            <translation>每年</translation>
        </message>
        <message>
            <source>period</source>
            <translation>时段</translation>
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
            <source>remote</source>
            <translation>远程</translation>
        </message>
        <message>
            <source>rising</source>
            <translation>上升</translation>
        </message>
        <message>
            <source>saturated</source>
            <translation>饱和</translation>
        </message>
        <message>
            <source>searching…</source>
            <translation>正在搜索…</translation>
        </message>
        <message>
            <source>share</source>
            <translation>占比</translation>
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
            <source>shown on the map</source>
            <translation>正显示在地图上</translation>
        </message>
        <message>
            <source>soil organic carbon</source>
            <translation>土壤有机碳</translation>
        </message>
        <message>
            <source>start</source>
            <translation>期初</translation>
        </message>
        <message>
            <source>too few dates</source>
            <translation>日期过少</translation>
        </message>
        <message>
            <source>total night light (TNL)</source>
            <translation>夜间灯光总量（TNL）</translation>
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
            <source>unit of the rasters</source>
            <translation>栅格的单位</translation>
        </message>
        <message>
            <source>upper quartile</source>
            <translation>上四分位数</translation>
        </message>
        <message>
            <source>valid</source>
            <translation>有数据</translation>
        </message>
        <message>
            <source>waiting {count}</source>
            <translation>等待中 {count} 个</translation>
        </message>
        <message>
            <source>weighted mean</source>
            <translation>加权均值</translation>
        </message>
        <message>
            <source>words</source>
            <translation>词语</translation>
        </message>
        <message>
            <source>{archive}: {path} is there already, and another file. Nothing was replaced; move it away, or choose another folder.</source>
            <translation>{archive}：{path} 已经存在，且是另一个文件。未替换任何内容；请将其移走，或选择其他文件夹。</translation>
        </message>
        <message>
            <source>{area} km² have no result: their change of land cover needs the factor of a climate zone, and they have none. A factor f for all would fill them.</source>
            <translation>{area} km² 没有结果：其土地覆盖变化需要气候带的因子，但没有气候带。给出用于全部的因子 f 即可填补。</translation>
        </message>
        <message>
            <source>{band} against {against}: {right} cells to the right, {down} down (quality {quality}); {used} of {count} patches used, shifts from {least} to {most}</source>
            <translation>{band} 对 {against}：向右 {right} 个像元，向下 {down} 个（质量 {quality}）；{count} 个分块中使用了 {used} 个，位移从 {least} 到 {most}</translation>
        </message>
        <message>
            <source>{band}: gain {gain}, bias {bias}</source>
            <translation>{band}：增益 {gain}，偏置 {bias}</translation>
        </message>
        <message>
            <source>{band}: only {used} patches match soundly, so the whole is shifted alike.</source>
            <translation>{band}：只有 {used} 个分块有可靠的匹配，因此整体作相同的位移。</translation>
        </message>
        <message>
            <source>{band}: {cells} cells with data, {saturated} of them saturated</source>
            <translation>{band}：有数据的像元 {cells} 个，其中饱和 {saturated} 个</translation>
        </message>
        <message>
            <source>{before} ({begin}) is later than {after} ({end}): losses and gains are exchanged. Check which is which.</source>
            <translation>{before}（{begin}）晚于 {after}（{end}）：灯光的减少与增加会互换。请检查前后期是否选反。</translation>
        </message>
        <message>
            <source>{before} and {scene} hold different quantities ({unit} and {scene_unit}), which cannot be compared as they are. Normalise them, or calibrate both alike.</source>
            <translation>{before} 和 {scene} 的量不同（{unit} 和 {scene_unit}），不能直接比较。请进行归一化，或以同样的方式定标。</translation>
        </message>
        <message>
            <source>{before} is darker where {scene} is brighter (slope {slope}): they do not show the same lights. Check the bands, and register the rasters to each other.</source>
            <translation>{scene} 较亮之处 {before} 反而较暗（斜率 {slope}）：二者显示的不是同样的灯光。请检查波段，并将栅格相互配准。</translation>
        </message>
        <message>
            <source>{catalog}: the first {count} items; there may be more</source>
            <translation>{catalog}：前 {count} 个条目；可能还有更多</translation>
        </message>
        <message>
            <source>{catalog}: the first {count} of {matched} items</source>
            <translation>{catalog}：{matched} 个条目中的前 {count} 个</translation>
        </message>
        <message>
            <source>{catalog}: {count} items</source>
            <translation>{catalog}：{count} 个条目</translation>
        </message>
        <message>
            <source>{chosen} of {total} are ticked; the disk has {free} left. Only files within {folder} are listed: those that lie elsewhere stay where they are.</source>
            <translation>已勾选 {chosen}（共 {total}）；磁盘还剩 {free}。只列出 {folder} 内的文件：其他位置的文件留在原处。</translation>
        </message>
        <message>
            <source>{classes} is filled in, but {legend} says {preset}, which has the UNCCD's classes. Choose custom there, or leave the table empty.</source>
            <translation>已填写{classes}，但{legend}选择了 {preset}，其类别即 UNCCD 的类别。请在该处选择 custom，或将此表留空。</translation>
        </message>
        <message>
            <source>{count} beside the area, in its box, were left out.</source>
            <translation>已剔除 {count} 个位于区域外接矩形内、但不在区域内的条目。</translation>
        </message>
        <message>
            <source>{count} cells have data in fewer than {needed} years (or a climate that does not vary), and so no result.</source>
            <translation>{count} 个像元有数据的年份少于 {needed} 年（或气候没有变化），因此没有结果。</translation>
        </message>
        <message>
            <source>{count} composites from {first} to {last}; index = value / {scale}</source>
            <translation>{first} 至 {last} 共 {count} 期合成影像；指数 = 值 / {scale}</translation>
        </message>
        <message>
            <source>{count} entries of the list have no id of a file, and cannot be fetched. Open {page} in a browser.</source>
            <translation>列表中有 {count} 个记录没有文件标识，无法下载。请在浏览器中打开 {page}。</translation>
        </message>
        <message>
            <source>{count} error polygons overlap; where they do, the first one holds.</source>
            <translation>{count} 个误差多边形相互重叠；重叠处以第一个为准。</translation>
        </message>
        <message>
            <source>{count} files of {size} MB, each with its SHA-256.</source>
            <translation>{count} 个文件，共 {size} MB，各有 SHA-256。</translation>
        </message>
        <message>
            <source>{count} files, {size} to come ({unknown} of unknown size), {free} free in {folder}. Licences: {licences}</source>
            <translation>{count} 个文件，待下载 {size}（{unknown} 个大小未知），{folder} 可用空间 {free}。许可协议：{licences}</translation>
        </message>
        <message>
            <source>{count} groups of detector rows have coefficients of their own; their mean is used. The gains differ by up to {spread} %.</source>
            <translation>{count} 组探测器行各有自己的系数；采用其平均值。各组增益最多相差 {spread} %。</translation>
        </message>
        <message>
            <source>{count} h left</source>
            <translation>剩余 {count} 小时</translation>
        </message>
        <message>
            <source>{count} items in {folder}</source>
            <translation>{folder} 中有 {count} 个条目</translation>
        </message>
        <message>
            <source>{count} min left</source>
            <translation>剩余 {count} 分钟</translation>
        </message>
        <message>
            <source>{count} of the catalogs of this search are not in your list any more.</source>
            <translation>此搜索的目录中有 {count} 个已不在您的列表中。</translation>
        </message>
        <message>
            <source>{count} of {all} land units have fewer than {fewest} cells with data ({cells} cells together): their percentile says little. Such as {names}.</source>
            <translation>{all} 个土地单元中有 {count} 个有数据的像元少于 {fewest} 个（共 {cells} 个像元）：其百分位数意义不大。例如 {names}。</translation>
        </message>
        <message>
            <source>{count} of {all} land units have no cell with data ({cells} cells together). Such as {names}.</source>
            <translation>{all} 个土地单元中有 {count} 个不含有数据的像元（共 {cells} 个像元）。例如 {names}。</translation>
        </message>
        <message>
            <source>{count} persons</source>
            <translation>{count} 人</translation>
        </message>
        <message>
            <source>{count} persons live on degraded land.</source>
            <translation>{count} 人生活在退化土地上。</translation>
        </message>
        <message>
            <source>{count} polygons have no value in “{field}”; together they are one unit.</source>
            <translation>{count} 个多边形的“{field}”没有值；它们合为一个单元。</translation>
        </message>
        <message>
            <source>{count} polygons of {name} overlap others: a cell belongs to the first.</source>
            <translation>{name} 中有 {count} 个多边形与其他多边形重叠：像元属于第一个。</translation>
        </message>
        <message>
            <source>{count} s left</source>
            <translation>剩余 {count} 秒</translation>
        </message>
        <message>
            <source>{count} selected</source>
            <translation>已选 {count} 个</translation>
        </message>
        <message>
            <source>{count}, cancelled</source>
            <translation>{count}，已取消</translation>
        </message>
        <message>
            <source>{count}, loading more…</source>
            <translation>{count}，正在加载更多…</translation>
        </message>
        <message>
            <source>{crs} is no equal-area CRS in metres: its cells of 1 km are not 1 km² everywhere. Choose an equal-area one, such as World Mollweide ({standard}).</source>
            <translation>{crs} 不是以米为单位的等面积坐标参照系：其 1 km 的像元并非处处为 1 km²。请选择等面积坐标参照系，例如世界摩尔魏德投影（{standard}）。</translation>
        </message>
        <message>
            <source>{degraded} km² degraded, {stable} km² stable, {improved} km² improved.</source>
            <translation>退化 {degraded} km²，稳定 {stable} km²，改善 {improved} km²。</translation>
        </message>
        <message>
            <source>{degraded} of {whole} km²</source>
            <translation>{whole} km² 中的 {degraded} km²</translation>
        </message>
        <message>
            <source>{done} of {size}</source>
            <translation>{done} / {size}</translation>
        </message>
        <message>
            <source>{file} has no value for cells without data.</source>
            <translation>{file} 没有表示无数据像元的值。</translation>
        </message>
        <message>
            <source>{file} holds data that must not be passed on: {terms} Share results computed from it instead, where its terms allow that.</source>
            <translation>{file} 是不得转发的数据：{terms} 若条款允许，请改为共享由其计算的结果。</translation>
        </message>
        <message>
            <source>{file} is shared with a note of the terms of its inputs: {terms}</source>
            <translation>{file} 共享时注明其输入的条款：{terms}</translation>
        </message>
        <message>
            <source>{file} names folders of this computer in its metadata ({names}). They are left out if it is written as Cloud Optimized GeoTIFF.</source>
            <translation>{file} 的元数据中含有本机的文件夹名称（{names}）。若写成云优化 GeoTIFF，则会去除。</translation>
        </message>
        <message>
            <source>{file} was computed from data that must not be passed on: {terms} Confirm that you may share results of it.</source>
            <translation>{file} 由不得转发的数据计算而来：{terms} 请确认您有权共享其结果。</translation>
        </message>
        <message>
            <source>{file} was written as Cloud Optimized GeoTIFF, with overviews.</source>
            <translation>{file} 已写成带概览图的云优化 GeoTIFF。</translation>
        </message>
        <message>
            <source>{file} will lie in a folder that only this computer or network sees.</source>
            <translation>{file} 将存放在只有本机或本网络可见的文件夹中。</translation>
        </message>
        <message>
            <source>{file}: give the address where it is, or goes.</source>
            <translation>{file}：请给出其现在或将来的地址。</translation>
        </message>
        <message>
            <source>{first} and {second} lie far apart, so they are not halves of one scene. Check their CRS and where they come from.</source>
            <translation>{first} 与 {second} 相距很远，不可能是同一景的两个半幅。请检查它们的坐标参照系和来源。</translation>
        </message>
        <message>
            <source>{first} has {count} bands, {second} has {other}. Take both from the product again.</source>
            <translation>{first} 有 {count} 个波段，{second} 有 {other} 个。请从产品中重新获取二者。</translation>
        </message>
        <message>
            <source>{first} to {last}: {degraded} km² degraded, {stable} km² stable, {improved} km² improved, {missing} km² without land cover at one of these dates.</source>
            <translation>{first} 至 {last}：退化 {degraded} km²，稳定 {stable} km²，改善 {improved} km²，其中一个时相无土地覆盖 {missing} km²。</translation>
        </message>
        <message>
            <source>{first}–{last}: {km2} km² under drought, {percent} % of the land with data</source>
            <translation>{first}–{last}：干旱土地 {km2} km²，占有数据土地的 {percent} %</translation>
        </message>
        <message>
            <source>{first}–{last}: {persons} persons exposed</source>
            <translation>{first}–{last}：受影响人口 {persons} 人</translation>
        </message>
        <message>
            <source>{folder} could not be made: {reason}</source>
            <translation>无法创建 {folder}：{reason}</translation>
        </message>
        <message>
            <source>{folder} could not be written: {reason}</source>
            <translation>{folder} 无法写入：{reason}</translation>
        </message>
        <message>
            <source>{folder} is the folder of My data. Choose another one for what you share.</source>
            <translation>{folder} 是“我的数据”的文件夹。请为共享的内容选择其他文件夹。</translation>
        </message>
        <message>
            <source>{found} found</source>
            <translation>找到 {found} 个</translation>
        </message>
        <message>
            <source>{found} found so far</source>
            <translation>目前找到 {found} 个</translation>
        </message>
        <message>
            <source>{found} of {matched} loaded</source>
            <translation>已加载 {matched} 个中的 {found} 个</translation>
        </message>
        <message>
            <source>{host} broke the connection before its answer was whole. Try again.</source>
            <translation>{host} 在响应完成之前断开了连接。请重试。</translation>
        </message>
        <message>
            <source>{host} is not known. Check the address, and whether this computer is online.</source>
            <translation>找不到 {host}。请检查地址，以及本机是否已联网。</translation>
        </message>
        <message>
            <source>{host} takes no connections: the server may be down. Try again later.</source>
            <translation>{host} 不接受连接：服务器可能已停止。请稍后重试。</translation>
        </message>
        <message>
            <source>{host} was not reached: {words}</source>
            <translation>无法访问 {host}：{words}</translation>
        </message>
        <message>
            <source>{item} of {collection} is not in My data any more.</source>
            <translation>{collection} 中的 {item} 已不在“我的数据”中。</translation>
        </message>
        <message>
            <source>{item}: none of its assets is meant; it has {keys}.</source>
            <translation>{item}：没有相符的资产；现有 {keys}。</translation>
        </message>
        <message>
            <source>{label}: {cells} cells, {area} km²</source>
            <translation>{label}：{cells} 个像元，{area} km²</translation>
        </message>
        <message>
            <source>{label}: {count} cells</source>
            <translation>{label}：{count} 个像元</translation>
        </message>
        <message>
            <source>{label}: {count} were chosen, but {dates} names {date_count} dates. There must be one for each raster.</source>
            <translation>{label}：选择了 {count} 个，但{dates}给出了 {date_count} 个日期。每个栅格必须有一个日期。</translation>
        </message>
        <message>
            <source>{label}: {count} were chosen, but {years} names {year_count} years ({listed}). There must be one for each year.</source>
            <translation>{label}：选择了 {count} 个，但{years}给出了 {year_count} 个年份（{listed}）。每个年份必须有一个。</translation>
        </message>
        <message>
            <source>{label}: {people} people ({percent} %), {area} km².</source>
            <translation>{label}：{people} 人（{percent} %），{area} km²。</translation>
        </message>
        <message>
            <source>{label}: {year} ← {name}</source>
            <translation>{label}：{year} ← {name}</translation>
        </message>
        <message>
            <source>{label}: “{first}” and “{second}” are both of {date}. Give one raster for each date, or type the dates in “{dates}”.</source>
            <translation>{label}：“{first}”和“{second}”的日期都是 {date}。请每个日期给出一个栅格，或在“{dates}”中输入日期。</translation>
        </message>
        <message>
            <source>{last}; {change} % since {first}</source>
            <translation>{last}；自 {first} 以来 {change} %</translation>
        </message>
        <message>
            <source>{light} rasters of light, but {counts} of cloud-free observations. Give one for each date, or none.</source>
            <translation>灯光栅格有 {light} 个，但无云观测次数有 {counts} 个。请每个日期给出一个，或都不给出。</translation>
        </message>
        <message>
            <source>{lit} of {people} people</source>
            <translation>{people} 人中的 {lit} 人</translation>
        </message>
        <message>
            <source>{names}: cells hold {fill}, which stands for no data in Black Marble and others, but the raster does not say so, and they count as light. Set it as the raster's no-data value, then run again.</source>
            <translation>{names}：像元的值为 {fill}，该值在 Black Marble 等产品中表示无数据，但栅格没有注明，因此会算作灯光。请将其设为栅格的无数据值，然后重新运行。</translation>
        </message>
        <message>
            <source>{names}: not asked, since it does not list it.</source>
            <translation>{names}：未提供云量，因此不以此查询。</translation>
        </message>
        <message>
            <source>{names}: properties are filtered here.</source>
            <translation>{names}：属性筛选在本机进行。</translation>
        </message>
        <message>
            <source>{names}: sorted here, after all items have come.</source>
            <translation>{names}：在全部条目到达后于本机排序。</translation>
        </message>
        <message>
            <source>{names}: words are looked for here.</source>
            <translation>{names}：词语在本机查找。</translation>
        </message>
        <message>
            <source>{name} (project)</source>
            <translation>{name}（工程）</translation>
        </message>
        <message>
            <source>{name} ({count})</source>
            <translation>{name}（{count}）</translation>
        </message>
        <message>
            <source>{name} cannot be opened. {reason}</source>
            <translation>{name} 无法打开。{reason}</translation>
        </message>
        <message>
            <source>{name} cannot be written: choose a STAC API, an OGC API-Records, a CSW or a folder.</source>
            <translation>无法写入 {name}：请选择 STAC API、OGC API-Records、CSW 或文件夹。</translation>
        </message>
        <message>
            <source>{name} cannot guide {light}: both must be in one CRS, with rows along its axes, and the panchromatic cells must not be the larger ones. Take both rasters as the product holds them.</source>
            <translation>{name} 不能用于判断 {light} 的灯光：二者的坐标参照系必须相同，行列须与其轴线平行，全色像元不能更大。请使用产品中的原始栅格。</translation>
        </message>
        <message>
            <source>{name} could not be imported. {reason}</source>
            <translation>{name} 未能导入。{reason}</translation>
        </message>
        <message>
            <source>{name} does not lie where its CRS ({crs}) has places: degrees are taken for metres there, or metres for degrees. Assign the right CRS, then run again.</source>
            <translation>{name} 的位置在其坐标参照系（{crs}）中不存在：可能把度当作了米，或把米当作了度。请指定正确的坐标参照系，然后重新运行。</translation>
        </message>
        <message>
            <source>{name} does not overlap the other rasters. Check the CRS of all, and that they show the same region.</source>
            <translation>{name} 与其他栅格不重叠。请检查各栅格的坐标参照系，以及是否为同一地区。</translation>
        </message>
        <message>
            <source>{name} does not overlap the population. Check the CRS of both, and that they show the same region.</source>
            <translation>{name} 与人口栅格不重叠。请检查二者的坐标参照系，以及是否为同一地区。</translation>
        </message>
        <message>
            <source>{name} does not overlap the reference raster. Check the CRS of both, and that they show the same region.</source>
            <translation>{name} 与参考栅格不重叠。请检查二者的坐标参照系，以及是否为同一地区。</translation>
        </message>
        <message>
            <source>{name} does not overlap {light}. Choose the panchromatic raster of the same scene and half swath.</source>
            <translation>{name} 与 {light} 不重叠。请选择同一景、同一半幅的全色栅格。</translation>
        </message>
        <message>
            <source>{name} does not state its unit. Its values are used as they are; the published cuts are for radiance per micrometre (W m-2 sr-1 um-1).</source>
            <translation>{name} 没有注明单位，其值按原样使用；已发表的阈值适用于每微米辐亮度（W m-2 sr-1 um-1）。</translation>
        </message>
        <message>
            <source>{name} failed, for a reason that was not foreseen: {reason}</source>
            <translation>{name} 因未预料的原因失败：{reason}</translation>
        </message>
        <message>
            <source>{name} gives {people:.3g} inhabitants for all cities, more than the Earth has. Are its values densities? Then choose “density”.</source>
            <translation>{name} 得出全部城市共有 {people:.3g} 名居民，超过全球人口。其值是密度吗？若是，请选择“density”。</translation>
        </message>
        <message>
            <source>{name} has another CRS or cell size than {first}: resampled.</source>
            <translation>{name} 的坐标参照系或像元大小与 {first} 不同：已重采样。</translation>
        </message>
        <message>
            <source>{name} has been imported into My data.</source>
            <translation>{name} 已导入“我的数据”。</translation>
        </message>
        <message>
            <source>{name} has no cell above 0 where both rasters have data: nothing is lit. Choose another raster.</source>
            <translation>{name} 在两个栅格都有数据之处没有大于 0 的像元：没有任何灯光。请选择其他栅格。</translation>
        </message>
        <message>
            <source>{name} has no cell above {dark}: nothing is lit, so there is no threshold to find. Choose another raster, or a lower value for dark cells.</source>
            <translation>{name} 没有大于 {dark} 的像元：没有任何灯光，因此无从求得阈值。请选择其他栅格，或降低暗像元的值。</translation>
        </message>
        <message>
            <source>{name} has no coordinate reference system. Set it (Raster &gt; Projections &gt; Assign projection), then run again.</source>
            <translation>{name} 没有坐标参照系。请设置（栅格 &gt; 投影 &gt; 指定投影），然后重新运行。</translation>
        </message>
        <message>
            <source>{name} has no people inside the zones. Check that it holds persons, and the same region.</source>
            <translation>{name} 在分区内没有人口。请检查其值是否为人数，以及是否为同一地区。</translation>
        </message>
        <message>
            <source>{name} has {count} bands; a colour raster has three: red, green and blue. Choose the colour raster of the scene.</source>
            <translation>{name} 有 {count} 个波段；彩色栅格应有红、绿、蓝三个。请选择该景的彩色栅格。</translation>
        </message>
        <message>
            <source>{name} has {count} bands; band {band} was asked for.</source>
            <translation>{name} 有 {count} 个波段，而请求的是第 {band} 波段。</translation>
        </message>
        <message>
            <source>{name} has {height} rows and {width} columns; for a shift to be found at least {least} of each are needed.</source>
            <translation>{name} 有 {height} 行 {width} 列；求位移至少各需要 {least}。</translation>
        </message>
        <message>
            <source>{name} has {height} rows, but its coefficients are for {count} groups of detector rows ({rows}): once a scene is geocoded its rows are no longer those of the detectors. Choose the mean of the groups, or type the coefficients.</source>
            <translation>{name} 有 {height} 行，但其系数用于 {count} 组探测器行（{rows}）：影像经过地理编码后，其行不再是探测器的行。请选择各组的平均，或手工输入系数。</translation>
        </message>
        <message>
            <source>{name} holds -1 degraded, 0 stable, 1 improved.</source>
            <translation>{name} 的值：-1 退化，0 稳定，1 改善。</translation>
        </message>
        <message>
            <source>{name} holds complex numbers, which no indicator can use.</source>
            <translation>{name} 的值是复数，任何指标都无法使用。</translation>
        </message>
        <message>
            <source>{name} holds digital numbers, not calibrated radiance. Ratios of its bands, and the types cut by them, are those of the camera's gains and not of the light. Calibrate it first (“Calibrate night light”).</source>
            <translation>{name} 的值是数字量化值，而不是定标后的辐亮度。其波段比值以及由此划分的类型反映的是相机的增益，而不是灯光。请先定标（“夜间灯光定标”）。</translation>
        </message>
        <message>
            <source>{name} holds fractions, so its values are no classes of land. Choose a raster of classes.</source>
            <translation>{name} 的值为小数，不是土地类别。请选择类别栅格。</translation>
        </message>
        <message>
            <source>{name} holds land productivity dynamics (LPD), 1 to 5.</source>
            <translation>{name} 的值为土地生产力动态（LPD），1 至 5。</translation>
        </message>
        <message>
            <source>{name} holds more than {count} values that are not in the legend. Is it a land cover map?</source>
            <translation>{name} 中不在图例内的值超过 {count} 个。它是土地覆盖图吗？</translation>
        </message>
        <message>
            <source>{name} holds no classes of one level of the Degree of Urbanisation (0 to 3, or 10 to 30) where the units lie. Check the CRS of both, and choose the result of “Degree of Urbanisation”.</source>
            <translation>{name} 在单元所在之处不含城市化程度同一级的类别（0 至 3，或 10 至 30）。请检查二者的坐标参照系，并选择“城市化程度”的结果。</translation>
        </message>
        <message>
            <source>{name} holds no data inside the zones. Choose another raster.</source>
            <translation>{name} 在分区内没有数据。请选择其他栅格。</translation>
        </message>
        <message>
            <source>{name} holds no data.</source>
            <translation>{name} 没有数据。</translation>
        </message>
        <message>
            <source>{name} holds no value from {first} to {last} in {count} of {total} cells, but others ({values}). Check that it is the right raster, and the right legend.</source>
            <translation>{name} 的 {total} 个像元中有 {count} 个的值不在 {first} 至 {last} 之内，而是其他值（{values}）。请检查栅格和图例是否正确。</translation>
        </message>
        <message>
            <source>{name} holds none of the values −1, 0 and 1 inside the zones. Choose the raster of the indicator, such as the output of “Land degradation”.</source>
            <translation>{name} 在分区内不含 −1、0 和 1 中的任何值。请选择指标栅格，例如“土地退化”的输出。</translation>
        </message>
        <message>
            <source>{name} holds numbers of the type {dtype}; a product holds whole numbers (uint16). If it is calibrated already, open it as it is.</source>
            <translation>{name} 的数据类型为 {dtype}；产品的值为整数（uint16）。若已经定标，请直接打开使用。</translation>
        </message>
        <message>
            <source>{name} holds the negative value {value}. Where it stands for no data, say so in the file (Translate &gt; Assign a specified NoData value), then run again.</source>
            <translation>{name} 含有负值 {value}。若该值表示无数据，请在文件中注明（转换工具中的“指定无数据值”），然后重新运行。</translation>
        </message>
        <message>
            <source>{name} holds the status against the baseline, 1 to 7.</source>
            <translation>{name} 的值为相对于基线的状态，1 至 7。</translation>
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
            <source>{name} holds the value {value}, which is no class of the urban extent (1 to 9). Choose the rasters that “Urban extent” has made.</source>
            <translation>{name} 含有值 {value}，不是城市范围的类别（1 至 9）。请选择“城市范围”生成的栅格。</translation>
        </message>
        <message>
            <source>{name} holds the value {value}, which is not a year. A first-built-year raster holds years, and 0 or nodata where nothing is built.</source>
            <translation>{name} 含有值 {value}，不是年份。首次建成年份栅格的值为年份，未建成处为 0 或无数据值。</translation>
        </message>
        <message>
            <source>{name} holds {value}, which is no class: land units are made of whole numbers. Choose a raster of classes, or sort these values into classes before.</source>
            <translation>{name} 含有值 {value}，不是类别：土地单元由整数构成。请选择类别栅格，或先将这些值分类。</translation>
        </message>
        <message>
            <source>{name} holds {value}, which is no percentage: these are 0 to 100. Say that it holds square metres, or, where the value stands for no data, say so in the file.</source>
            <translation>{name} 含有 {value}，不是百分比：百分比应在 0 至 100 之间。请选择其值为平方米；若该值表示无数据，请在文件中注明。</translation>
        </message>
        <message>
            <source>{name} holds {value}, which is no share: shares are 0 to 1. Say that it holds percent or square metres, or, where the value stands for no data, say so in the file.</source>
            <translation>{name} 含有 {value}，不是比例：比例应在 0 至 1 之间。请选择其值为百分比或平方米；若该值表示无数据，请在文件中注明。</translation>
        </message>
        <message>
            <source>{name} is both before and after: nothing can have changed.</source>
            <translation>{name} 既是前期又是后期：不可能有变化。</translation>
        </message>
        <message>
            <source>{name} is brought onto the grid of 1 km by the area that cells share.</source>
            <translation>{name} 已按像元相互重叠的面积转换到 1 km 格网。</translation>
        </message>
        <message>
            <source>{name} is brought onto the grid of 1 km by the area that cells share; its people stay as many.</source>
            <translation>{name} 已按像元相互重叠的面积转换到 1 km 格网；人口总数不变。</translation>
        </message>
        <message>
            <source>{name} is calibrated already, as its metadata say. Choose the raster with the stored numbers.</source>
            <translation>由元数据可知，{name} 已经定标。请选择保存原始记录数值的栅格。</translation>
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
            <source>{name} is of the scene {scene}, {light} of {other}. Choose the panchromatic raster of the same scene.</source>
            <translation>{name} 属于影像 {scene}，{light} 属于 {other}。请选择同一景的全色栅格。</translation>
        </message>
        <message>
            <source>{name} is resampled to the reference grid ({resampling}).</source>
            <translation>{name} 已重采样到参考格网（{resampling}）。</translation>
        </message>
        <message>
            <source>{name} lies outside the area where the CRS {crs} can be used. Choose another CRS.</source>
            <translation>{name} 位于坐标参照系 {crs} 的适用范围之外。请选择其他坐标参照系。</translation>
        </message>
        <message>
            <source>{name} lies {cells} cells off {against}, but at most {most} are allowed. Raise the limit if that can be; else one of them is georeferenced wrongly.</source>
            <translation>{name} 与 {against} 相差 {cells} 个像元，但最多允许 {most} 个。若确有可能，请提高上限；否则其中之一的地理配准有误。</translation>
        </message>
        <message>
            <source>{name} matches {against} nowhere soundly: the best match is {quality} times the second best, at least {least} is asked for. Do both show the same lights, and is there light in both?</source>
            <translation>{name} 与 {against} 没有可靠的匹配：最优匹配仅为次优的 {quality} 倍，要求至少 {least} 倍。二者显示的是同样的灯光吗？两者都有灯光吗？</translation>
        </message>
        <message>
            <source>{name} needs credentials, with which no part can be read: download the whole file.</source>
            <translation>{name} 需要凭据，无法用凭据读取局部：请下载整个文件。</translation>
        </message>
        <message>
            <source>{name} needs {needed} MB; {folder} has {free} MB left. Make room, or choose another folder, then go on.</source>
            <translation>{name} 需要 {needed} MB；{folder} 只剩 {free} MB。请腾出空间，或选择其他文件夹，然后继续。</translation>
        </message>
        <message>
            <source>{name} would have to be read on a rotated grid. Choose a reference raster whose rows run along the axes of its CRS.</source>
            <translation>{name} 需要在旋转的格网上读取。请选择行列与其坐标参照系轴线平行的参考栅格。</translation>
        </message>
        <message>
            <source>{name}: an index of {value} in {year} cannot be, if the scale is {scale}. Correct the scale, or choose Float32 for another index.</source>
            <translation>{name}：比例系数为 {scale} 时，{year} 年的指数为 {value}，这不可能。请更正比例系数；若为其他指数，请选择 Float32。</translation>
        </message>
        <message>
            <source>{name}: as persons per cell this is {people} people, who live at {density} per km². Its values look like persons per km². Choose “density” for what the cells hold.</source>
            <translation>{name}：若为每像元人数，则共有 {people} 人，密度为每 km² {density} 人。其值像是每 km² 人数。请将像元的值设为“density”。</translation>
        </message>
        <message>
            <source>{name}: as persons per km² no place of 1 km² has more than {density}; its values look like persons per cell. Choose “count” for what the cells hold.</source>
            <translation>{name}：若为每 km² 人数，则没有任何 1 km² 的地方超过 {density} 人；其值像是每像元人数。请将像元的值设为“count”。</translation>
        </message>
        <message>
            <source>{name}: as persons per km² this is {people} people, who live at {density} per km². Its values look like persons per cell. Choose “count” for what the cells hold.</source>
            <translation>{name}：若为每 km² 人数，则共有 {people} 人，密度为每 km² {density} 人。其值像是每像元人数。请将像元的值设为“count”。</translation>
        </message>
        <message>
            <source>{name}: codes on {share} % of its area are not in the legend “{legend}”: {codes}. Choose the legend of this map, or add the codes to a legend of your own (class 0 stands for no data).</source>
            <translation>{name}：其 {share} % 面积上的代码不在图例“{legend}”中：{codes}。请选择该图的图例，或将这些代码加入自定义图例（类别 0 表示无数据）。</translation>
        </message>
        <message>
            <source>{name}: each cell's people are split into {parts} × {parts} equal parts; each part takes the light of the cell it lies in. No person is lost or counted twice.</source>
            <translation>{name}：每个像元的人口均分为 {parts} × {parts} 份；每一份取其所在像元的灯光。人口不遗漏，也不重复计数。</translation>
        </message>
        <message>
            <source>{name}: give the address of a web server, or a folder.</source>
            <translation>{name}：请给出网络服务器的地址，或一个文件夹。</translation>
        </message>
        <message>
            <source>{name}: its bands have no names; taken as {bands}, as a product has them.</source>
            <translation>{name}：波段没有名称；按产品的顺序视为 {bands}。</translation>
        </message>
        <message>
            <source>{name}: its bands were taken for dates, but are named as those of one scene ({bands}). If they are, choose the rasters of several dates.</source>
            <translation>{name}：其波段被视为不同日期，但波段名称属于同一景（{bands}）。若确为一景，请选择多个日期的栅格。</translation>
        </message>
        <message>
            <source>{name}: its cells lie {part} of a cell off those of {first}; moved to the nearest, values unchanged.</source>
            <translation>{name}：其像元与 {first} 的像元错开 {part} 个像元；已移到最近的像元，数值不变。</translation>
        </message>
        <message>
            <source>{name}: its values ({values}) do not tell whether it holds classes (-1, 0, 1) or another legend ({others}). Say so in “{parameter}”.</source>
            <translation>{name}：由其值（{values}）无法判断是类别（-1、0、1）还是其他图例（{others}）。请在“{parameter}”中说明。</translation>
        </message>
        <message>
            <source>{name}: light is above {limits}</source>
            <translation>{name}：高于 {limits} 为灯光</translation>
        </message>
        <message>
            <source>{name}: lit cells hold one value, so all of them are lit.</source>
            <translation>{name}：高于暗值的像元只有一个值，因此全部视为有灯光。</translation>
        </message>
        <message>
            <source>{name}: lit from {threshold} on.</source>
            <translation>{name}：从 {threshold} 起有灯光。</translation>
        </message>
        <message>
            <source>{name}: nW cm-2 sr-1 needs the width of each band, which is not known for {bands}. Choose W m-2 sr-1 um-1, or type the widths beside the coefficients.</source>
            <translation>{name}：采用 nW cm-2 sr-1 需要每个波段的宽度，而 {bands} 的宽度未知。请选择 W m-2 sr-1 um-1，或在系数旁输入宽度。</translation>
        </message>
        <message>
            <source>{name}: neither its name nor its metadata say which sensor it is of. Choose the sensor, so that the right part of {path} is read.</source>
            <translation>{name}：名称和元数据都没有说明属于哪个传感器。请选择传感器，以便读取 {path} 中正确的部分。</translation>
        </message>
        <message>
            <source>{name}: no calib.xml is given, none lies beside the raster, and its metadata hold no coefficients. Give the product's calib.xml; without one choose a preset or type the coefficients.</source>
            <translation>{name}：没有给出 calib.xml，栅格旁边没有该文件，其元数据中也没有系数。请给出产品的 calib.xml；没有该文件时请选择预设系数，或手工输入系数。</translation>
        </message>
        <message>
            <source>{name}: no cell has data. Check the rasters' no-data value.</source>
            <translation>{name}：没有像元有数据。请检查栅格的无数据值。</translation>
        </message>
        <message>
            <source>{name}: no coefficients for any of its bands ({bands}); there are some for {have}. Choose another source of coefficients, or type them.</source>
            <translation>{name}：没有任何波段（{bands}）的系数；只有 {have} 的系数。请选择其他系数来源，或手工输入系数。</translation>
        </message>
        <message>
            <source>{name}: no coefficients for {bands}, left out.</source>
            <translation>{name}：没有 {bands} 的系数，不输出。</translation>
        </message>
        <message>
            <source>{name}: no coefficients for {bands}, left out. (The merged band HDR has none of its own, and how it is merged is not published.)</source>
            <translation>{name}：没有 {bands} 的系数，不输出。（合成的波段 HDR 没有自己的系数，如何合成也没有公布。）</translation>
        </message>
        <message>
            <source>{name}: no raster of {years}; computed without.</source>
            <translation>{name}：没有 {years} 的栅格；计算时不含这些年份。</translation>
        </message>
        <message>
            <source>{name}: of {count} values, {strange} lie beyond ±9 when divided by {scale}, which no SPI does. Check that these are the right rasters, and their scale.</source>
            <translation>{name}：{count} 个值中有 {strange} 个除以 {scale} 后超出 ±9，不可能是 SPI。请检查栅格及其比例系数是否正确。</translation>
        </message>
        <message>
            <source>{name}: only half {half} of the swath is there; the other camera's half is missing.</source>
            <translation>{name}：只有半幅 {half}；缺少另一台相机的半幅。</translation>
        </message>
        <message>
            <source>{name}: some rasters hold whole numbers, others fractions, so that their units differ. Bring all to one unit, or type the scale that all of them have.</source>
            <translation>{name}：部分栅格为整数，部分为小数，因此单位不同。请统一单位，或输入全部栅格共有的比例系数。</translation>
        </message>
        <message>
            <source>{name}: the address held credentials ({parts}), which were left out. Choose the authentication of the connection.</source>
            <translation>{name}：地址中含有凭据（{parts}），已去除。请为该连接选择身份验证。</translation>
        </message>
        <message>
            <source>{name}: the address holds credentials ({parts}). Take them out, and choose the authentication of the connection instead: it keeps them encrypted.</source>
            <translation>{name}：地址中含有凭据（{parts}）。请将其去掉，改为选择该连接的身份验证：它会加密保存凭据。</translation>
        </message>
        <message>
            <source>{name}: the coefficients in its metadata ({tag}) are damaged. Give the product's calib.xml.</source>
            <translation>{name}：其元数据中的系数（{tag}）已损坏。请给出产品的 calib.xml。</translation>
        </message>
        <message>
            <source>{name}: the credentials that you choose for its files will also go to {hosts}. Take out what you do not trust.</source>
            <translation>{name}：您为其文件选择的凭据还会发送到 {hosts}。请去掉您不信任的主机。</translation>
        </message>
        <message>
            <source>{name}: there is no catalog of the kind “{kind}”.</source>
            <translation>{name}：没有“{kind}”类型的目录。</translation>
        </message>
        <message>
            <source>{name}: there is no cell with data in all bands. Choose a raster with data, or leave out the band that has none.</source>
            <translation>{name}：没有在所有波段都有数据的像元。请选择有数据的栅格，或去掉没有数据的波段。</translation>
        </message>
        <message>
            <source>{name}: there is nothing to register it onto. Give a reference raster, or a raster of several bands with “Register bands” switched on.</source>
            <translation>{name}：没有可以对齐的目标。请给出参考栅格，或给出多波段栅格并选中“把各波段对齐到绿波段”。</translation>
        </message>
        <message>
            <source>{name}: this is {people} people, who live at {density} per km², more than anywhere on Earth. Check that it is a raster of population, and what its cells hold.</source>
            <translation>{name}：共有 {people} 人，密度为每 km² {density} 人，高于地球上任何地方。请检查它是否为人口栅格，以及像元的值的含义。</translation>
        </message>
        <message>
            <source>{name}: values divided by {scale} are around {middle}, unlike NDVI. If they hold NDVI times another number, type that number as their scale; else thresholds in NDVI do not fit them.</source>
            <translation>{name}：除以 {scale} 后的值在 {middle} 左右，不像 NDVI。若其值为 NDVI 乘以另一个数，请输入该数作为比例系数；否则以 NDVI 表示的阈值不适用。</translation>
        </message>
        <message>
            <source>{name}: {count} cells hold fewer than 0 persons; left out.</source>
            <translation>{name}：{count} 个像元的人数小于 0；不计入。</translation>
        </message>
        <message>
            <source>{name}: {count} cells hold no value from {first} to {last} (such as {values}); they count as no data.</source>
            <translation>{name}：{count} 个像元的值不在 {first} 至 {last} 之内（例如 {values}）；按无数据处理。</translation>
        </message>
        <message>
            <source>{name}: {count} cells hold other values than {first} to {last}; they count as no data.</source>
            <translation>{name}：{count} 个像元的值不在 {first} 至 {last} 之内；按无数据处理。</translation>
        </message>
        <message>
            <source>{name}: {count} of the years {span} have a raster, but at least {needed} are needed. Missing: {missing}. Add these years, or choose other years.</source>
            <translation>{name}：{span} 年中有 {count} 年具有栅格，但至少需要 {needed} 年。缺少：{missing}。请补充这些年份，或选择其他年份。</translation>
        </message>
        <message>
            <source>{name}: {count} values lie beyond ±9, which no SPI does; they count as no data.</source>
            <translation>{name}：{count} 个值超出 ±9，不可能是 SPI；按无数据处理。</translation>
        </message>
        <message>
            <source>{name}: {km2} km²</source>
            <translation>{name}：{km2} km²</translation>
        </message>
        <message>
            <source>{name}: {percent} % of the cells above {dark} are lit, as the threshold found is {threshold}. The perimeter grows from the faintest values on, which are noise of dark ground in most products. Give a higher value for dark cells, or choose another method.</source>
            <translation>{name}：大于 {dark} 的像元中有 {percent} % 为有灯光，因为求得的阈值为 {threshold}。周长从最弱的值起即开始增长，而在多数产品中这些值是暗地面的噪声。请为暗像元给出更高的值，或选择其他方法。</translation>
        </message>
        <message>
            <source>{name}: {value} is not between {least} and {most}.</source>
            <translation>{name}：{value} 不在 {least} 与 {most} 之间。</translation>
        </message>
        <message>
            <source>{new} of {count} connections are new; what you have was left as it is.</source>
            <translation>{count} 个连接中有 {new} 个是新的；您已有的连接保持原样。</translation>
        </message>
        <message>
            <source>{number} of {count}: {name}</source>
            <translation>第 {number} 个，共 {count} 个：{name}</translation>
        </message>
        <message>
            <source>{old} is there already: {new} will follow it as a new version.</source>
            <translation>{old} 已经存在：{new} 将作为其后的新版本。</translation>
        </message>
        <message>
            <source>{output}: fields with another name: {names}</source>
            <translation>{output}：改名的字段：{names}</translation>
        </message>
        <message>
            <source>{output}: {path} is also read, as “{input}”, and would be lost. Choose another file for the output.</source>
            <translation>{output}：{path} 同时作为“{input}”被读取，写出后将会丢失。请为输出选择其他文件。</translation>
        </message>
        <message>
            <source>{outside} of {total} cities lie outside the frame; the ranking lists them.</source>
            <translation>{total} 个城市中有 {outside} 个位于图框之外；排名中列有它们。</translation>
        </message>
        <message>
            <source>{parameter} names {label_count} periods ({labels}), but there are {count} rasters. There must be one for each.</source>
            <translation>{parameter}给出了 {label_count} 个时期（{labels}），但有 {count} 个栅格。每个栅格必须有一个时期名称。</translation>
        </message>
        <message>
            <source>{parameter}: a composite takes at least two dates, as several rasters or as bands of one; {name} has one band.</source>
            <translation>{parameter}：合成至少需要两个日期，可以是多个栅格，也可以是一个栅格的多个波段；{name} 只有一个波段。</translation>
        </message>
        <message>
            <source>{parameter}: a factor cannot be below 0, as {text} is.</source>
            <translation>{parameter}：因子不能小于 0，而 {text} 小于 0。</translation>
        </message>
        <message>
            <source>{parameter}: a meaning is -1 (degraded), 0 (stable) or 1 (improved), not {value}.</source>
            <translation>{parameter}：含义应为 -1（退化）、0（稳定）或 1（改善），而不是 {value}。</translation>
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
            <source>{parameter}: choose a polygon layer.</source>
            <translation>{parameter}：请选择面图层。</translation>
        </message>
        <message>
            <source>{parameter}: choose a raster; the method “{method}” needs it.</source>
            <translation>{parameter}：请选择栅格；方法“{method}”需要它。</translation>
        </message>
        <message>
            <source>{parameter}: choose at least one raster.</source>
            <translation>{parameter}：请至少选择一个栅格。</translation>
        </message>
        <message>
            <source>{parameter}: class {number} has the UNCCD class {standard}; choose one of 1 (trees) to 7 (water).</source>
            <translation>{parameter}：类别 {number} 对应的 UNCCD 类别为 {standard}；请从 1（林地）至 7（水体）中选择。</translation>
        </message>
        <message>
            <source>{parameter}: class {number} is there twice.</source>
            <translation>{parameter}：类别 {number} 出现了两次。</translation>
        </message>
        <message>
            <source>{parameter}: each row needs band, gain, bias and width (which may be empty).</source>
            <translation>{parameter}：每一行需要波段、增益、偏置和宽度（宽度可留空）。</translation>
        </message>
        <message>
            <source>{parameter}: fill in the codes of the raster and their classes, or choose one of the legends that come with the plugin.</source>
            <translation>{parameter}：请填写栅格的代码及其类别，或选择插件自带的图例。</translation>
        </message>
        <message>
            <source>{parameter}: growth needs at least two dates; choose one raster per date, or one raster with a band per date.</source>
            <translation>{parameter}：计算增长至少需要两个时相；请每个时相选择一个栅格，或选择一个每个时相一个波段的栅格。</translation>
        </message>
        <message>
            <source>{parameter}: no date in “{row}”. Write dates such as 2000-02-18, 2000049 or 2000-02.</source>
            <translation>{parameter}：“{row}”中没有日期。日期请写作 2000-02-18、2000049 或 2000-02 等形式。</translation>
        </message>
        <message>
            <source>{parameter}: no raster for the years {years} of the vegetation index. Add them, or choose other years.</source>
            <translation>{parameter}：植被指数的年份 {years} 没有对应的栅格。请补充这些年份，或选择其他年份。</translation>
        </message>
        <message>
            <source>{parameter}: none for the composites of {dates}.</source>
            <translation>{parameter}：{dates} 的合成影像没有对应的栅格。</translation>
        </message>
        <message>
            <source>{parameter}: say which classes are built-up land, such as 50,190.</source>
            <translation>{parameter}：请说明哪些类别是建成区，例如 50,190。</translation>
        </message>
        <message>
            <source>{parameter}: the bands of {name} are those of one scene, {scene}, not dates. Choose the rasters of several dates.</source>
            <translation>{parameter}：{name} 的波段属于同一景 {scene}，而不是不同日期。请选择多个日期的栅格。</translation>
        </message>
        <message>
            <source>{parameter}: the code {code} stands for class {number}, which is not one of the classes {classes}. Add it to {other}.</source>
            <translation>{parameter}：代码 {code} 对应类别 {number}，但它不在类别 {classes} 之中。请将其加入{other}。</translation>
        </message>
        <message>
            <source>{parameter}: the code {code} stands for two classes, {first} and {second}.</source>
            <translation>{parameter}：代码 {code} 对应两个类别：{first} 和 {second}。</translation>
        </message>
        <message>
            <source>{parameter}: the table does not name {count} of the composites ({names}). Give a row for each.</source>
            <translation>{parameter}：表中缺少 {count} 期合成影像的名称（{names}）。请为每期给出一行。</translation>
        </message>
        <message>
            <source>{parameter}: the table must have a row for each of the UNCCD's seven classes.</source>
            <translation>{parameter}：表中 UNCCD 的七个类别必须各有一行。</translation>
        </message>
        <message>
            <source>{parameter}: the years must increase, but {later} comes after {earlier}. Put the years, and the layers with them, in order of time.</source>
            <translation>{parameter}：年份必须递增，但 {later} 排在 {earlier} 之后。请将年份及相应图层按时间顺序排列。</translation>
        </message>
        <message>
            <source>{parameter}: there are no items.</source>
            <translation>{parameter}：没有条目。</translation>
        </message>
        <message>
            <source>{parameter}: there is no class {number} in the legend, only {classes}.</source>
            <translation>{parameter}：图例中没有类别 {number}，只有 {classes}。</translation>
        </message>
        <message>
            <source>{parameter}: type at least two years at which to measure what had been built by then, such as 1990,2000,2015.</source>
            <translation>{parameter}：请至少输入两个年份，用于量算截至当年已建成的面积，例如 1990,2000,2015。</translation>
        </message>
        <message>
            <source>{parameter}: type the years to compute, such as 1990,2000,2015.</source>
            <translation>{parameter}：请输入要计算的年份，例如 1990,2000,2015。</translation>
        </message>
        <message>
            <source>{parameter}: type three numbers above 0, such as 294, 106, 102.</source>
            <translation>{parameter}：请输入三个大于 0 的数，例如 294, 106, 102。</translation>
        </message>
        <message>
            <source>{parameter}: write whole numbers apart by commas, such as 0,1; not “{text}”.</source>
            <translation>{parameter}：请用逗号分隔整数，例如 0,1，而不是“{text}”。</translation>
        </message>
        <message>
            <source>{parameter}: z-scores take at least {least} scenes; there are {count}. Add scenes, or leave it empty.</source>
            <translation>{parameter}：计算 z 得分至少需要 {least} 景；现有 {count} 景。请补充影像，或留空。</translation>
        </message>
        <message>
            <source>{parameter}: {count} cells are filled in, which does not make rows of {columns} columns.</source>
            <translation>{parameter}：填写了 {count} 个单元格，无法排成每行 {columns} 列。</translation>
        </message>
        <message>
            <source>{parameter}: {count} dates for {composites} composites. Give one for each, in their order, or a column with their names beside the dates.</source>
            <translation>{parameter}：{composites} 期合成影像给出了 {count} 个日期。请按顺序每期给出一个，或在日期旁增加一列名称。</translation>
        </message>
        <message>
            <source>{parameter}: {name} has {count} bands, but {first} has {expected}. Choose rasters of one kind.</source>
            <translation>{parameter}：{name} 有 {count} 个波段，但 {first} 有 {expected} 个。请选择同一种类的栅格。</translation>
        </message>
        <message>
            <source>{parameter}: {needed} dates with data are asked for, but there are only {dates}. Lower that number.</source>
            <translation>{parameter}：要求 {needed} 个有数据的日期，但只有 {dates} 个日期。请减小该数。</translation>
        </message>
        <message>
            <source>{parameter}: {number} is no class number. Number the classes from 1; 0 stands for no data.</source>
            <translation>{parameter}：{number} 不是类别编号。类别从 1 开始编号；0 表示无数据。</translation>
        </message>
        <message>
            <source>{parameter}: {path} cannot be read as a text table in UTF-8 ({reason}).</source>
            <translation>{parameter}：{path} 无法作为 UTF-8 文本表格读取（{reason}）。</translation>
        </message>
        <message>
            <source>{parameter}: {path} holds no item with assets. Give a STAC item, or an item collection.</source>
            <translation>{parameter}：{path} 中没有含资产的条目。请给出 STAC 条目或条目集合。</translation>
        </message>
        <message>
            <source>{parameter}: {quality} for {composites} composites. Give one for each, or a single one for all.</source>
            <translation>{parameter}：{composites} 期合成影像给出了 {quality} 个。请每期给出一个，或全部共用一个。</translation>
        </message>
        <message>
            <source>{parameter}: “{field}” is not a numeric field of “{layer}”.</source>
            <translation>{parameter}：“{field}”不是“{layer}”的数值字段。</translation>
        </message>
        <message>
            <source>{parameter}: “{label}” cannot be the name of a period. Give each period a name of its own with letters or digits, such as 2019.</source>
            <translation>{parameter}：“{label}”不能作为时期名称。请为每个时期取各不相同的、含字母或数字的名称，例如 2019。</translation>
        </message>
        <message>
            <source>{parameter}: “{layer}” has no field {names}. Choose a result of “Search a catalog”.</source>
            <translation>{parameter}：“{layer}”没有字段 {names}。请选择“搜索数据目录”的结果。</translation>
        </message>
        <message>
            <source>{parameter}: “{layer}” has no field “{name}”, but {fields}.</source>
            <translation>{parameter}：“{layer}”没有字段“{name}”，现有字段为 {fields}。</translation>
        </message>
        <message>
            <source>{parameter}: “{piece}” is not a class number. Write whole numbers apart by commas, such as 50,190.</source>
            <translation>{parameter}：“{piece}”不是类别编号。请用逗号分隔整数，例如 50,190。</translation>
        </message>
        <message>
            <source>{parameter}: “{piece}” is not a date. Write years, months or days apart by commas, such as 2014,2015 or 2014-01,2014-02, or all from one to another, such as 2014-01..2014-12.</source>
            <translation>{parameter}：“{piece}”不是日期。请用逗号分隔年、月或日，例如 2014,2015 或 2014-01,2014-02，也可写出起止之间的全部，例如 2014-01..2014-12。</translation>
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
            <source>{parameter}: “{text}” is no condition. Write property, sign and value, like gsd &lt;= 30.</source>
            <translation>{parameter}：“{text}”不是条件。请写出属性、符号和值，例如 gsd &lt;= 30。</translation>
        </message>
        <message>
            <source>{parameter}: “{text}” is no day; write it like 2020-12-31.</source>
            <translation>{parameter}：“{text}”不是日期；请写作 2020-12-31 的形式。</translation>
        </message>
        <message>
            <source>{parameter}: “{text}” is not a factor. Write a number above 0, f, 1/f, or one over a number, such as 1/0.71.</source>
            <translation>{parameter}：“{text}”不是因子。请输入大于 0 的数、f、1/f，或一除以某数，例如 1/0.71。</translation>
        </message>
        <message>
            <source>{parameter}: “{text}” is not a list of numbers.</source>
            <translation>{parameter}：“{text}”不是以逗号分隔的数字。</translation>
        </message>
        <message>
            <source>{parameter}: “{text}” is not a number.</source>
            <translation>{parameter}：“{text}”不是数字。</translation>
        </message>
        <message>
            <source>{parameter}: “{text}” is not a number; write such as 1.02e-5.</source>
            <translation>{parameter}：“{text}”不是数字；请写作 1.02e-5 等形式。</translation>
        </message>
        <message>
            <source>{parameter}: “{text}” is not a season. Write its first and last month, such as 4-10, or 11-3 where it crosses the new year.</source>
            <translation>{parameter}：“{text}”不是生长季。请写出起止月份，例如 4-10；跨年时例如 11-3。</translation>
        </message>
        <message>
            <source>{parameter}: “{text}” is not a whole number.</source>
            <translation>{parameter}：“{text}”不是整数。</translation>
        </message>
        <message>
            <source>{parameter}: “{value}” is none. Type a percentage such as 20, or “auto”, or “off”.</source>
            <translation>{parameter}：“{value}”不是有效的阈值。请输入百分比（例如 20）、“auto”或“off”。</translation>
        </message>
        <message>
            <source>{parameter}: “{value}” of feature {id} is neither 1 (with electricity) nor 0 (without).</source>
            <translation>{parameter}：要素 {id} 的“{value}”既不是 1（有电），也不是 0（无电）。</translation>
        </message>
        <message>
            <source>{path} belongs to another item as well, and is kept.</source>
            <translation>{path} 还属于另一条目，予以保留。</translation>
        </message>
        <message>
            <source>{path} belongs to the catalog itself, and is kept.</source>
            <translation>{path} 属于目录本身，予以保留。</translation>
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
            <source>{path} cannot be read as an entry of a catalog; it is left out.</source>
            <translation>{path} 无法作为目录条目读取，已略过。</translation>
        </message>
        <message>
            <source>{path} cannot be read: {reason}</source>
            <translation>{path} 无法读取：{reason}</translation>
        </message>
        <message>
            <source>{path} cannot be read: {reason}.</source>
            <translation>{path} 无法读取：{reason}。</translation>
        </message>
        <message>
            <source>{path} cannot be read: {words}</source>
            <translation>{path} 无法读取：{words}</translation>
        </message>
        <message>
            <source>{path} cannot be read; is it damaged or cut short? {reason}</source>
            <translation>{path} 无法读取；文件是否损坏或不完整？{reason}</translation>
        </message>
        <message>
            <source>{path} cannot be written: {reason}. Choose another folder.</source>
            <translation>{path} 无法写入：{reason}。请选择其他文件夹。</translation>
        </message>
        <message>
            <source>{path} could not be deleted: {reason}</source>
            <translation>无法删除 {path}：{reason}</translation>
        </message>
        <message>
            <source>{path} could not be read: {reason}</source>
            <translation>{path} 无法读取：{reason}</translation>
        </message>
        <message>
            <source>{path} could not be replaced: {reason}. Close the programs that use it, or choose another name.</source>
            <translation>{path} 无法被替换：{reason}。请关闭使用它的程序，或换一个名称。</translation>
        </message>
        <message>
            <source>{path} could not be unpacked: {reason}</source>
            <translation>{path} 无法解压：{reason}</translation>
        </message>
        <message>
            <source>{path} could not be written whole; is the disk full?</source>
            <translation>{path} 未能完整写入；磁盘是否已满？</translation>
        </message>
        <message>
            <source>{path} could not be written: {reason}</source>
            <translation>{path} 无法写入：{reason}</translation>
        </message>
        <message>
            <source>{path} could not be written: {reason}. Choose another place.</source>
            <translation>{path} 无法写入：{reason}。请选择其他位置。</translation>
        </message>
        <message>
            <source>{path} could not be written: {reason}. What came is kept: make room, then go on.</source>
            <translation>{path} 无法写入：{reason}。已收到的部分已保留：请腾出空间后继续。</translation>
        </message>
        <message>
            <source>{path} could not be written; is the disk full? {reason}</source>
            <translation>{path} 无法写入；磁盘是否已满？{reason}</translation>
        </message>
        <message>
            <source>{path} does not exist. Choose a product's folder or archive.</source>
            <translation>{path} 不存在。请选择产品的文件夹或压缩包。</translation>
        </message>
        <message>
            <source>{path} holds no SDGSAT-1 product. Choose a folder or an archive ({endings}) with rasters named like KX10_GIU_20220304_E121.82_N31.56_202200100146_L4A_A_RGB.tif. Other rasters need no loading: calibrate them with typed coefficients.</source>
            <translation>{path} 中没有 SDGSAT-1 产品。请选择文件夹或压缩包（{endings}），其中栅格的名称形如 KX10_GIU_20220304_E121.82_N31.56_202200100146_L4A_A_RGB.tif。其他栅格无需加载：请用手工输入的系数定标。</translation>
        </message>
        <message>
            <source>{path} holds no SDGSAT-1 product. Choose an archive ({endings}) or a folder with rasters named like KX10_GIU_20220304_E121.82_N31.56_202200100146_L4A_A_RGB.tif.</source>
            <translation>{path} 中没有 SDGSAT-1 产品。请选择压缩包（{endings}）或文件夹，其中栅格的名称形如 KX10_GIU_20220304_E121.82_N31.56_202200100146_L4A_A_RGB.tif。</translation>
        </message>
        <message>
            <source>{path} holds no catalog: choose a folder or a zip with catalog.json or collection.json, or such a file.</source>
            <translation>{path} 中没有目录：请选择含 catalog.json 或 collection.json 的文件夹或 zip，或直接选择这样的文件。</translation>
        </message>
        <message>
            <source>{path} holds no coefficients for {sensor} (no block {sensor} with VERSION). Take the calib.xml of this very product, or give the coefficients otherwise.</source>
            <translation>{path} 中没有 {sensor} 的系数（没有含 VERSION 的 {sensor} 部分）。请使用该产品自身的 calib.xml，或以其他方式给出系数。</translation>
        </message>
        <message>
            <source>{path} holds products of {count} scenes ({names}). Choose a file of the one scene that you want; rasters of different scenes are not put together.</source>
            <translation>{path} 中有 {count} 景产品（{names}）。请选择所需那一景的一个文件；不同景的栅格不会拼在一起。</translation>
        </message>
        <message>
            <source>{path} holds “{name}” twice, or it is there already.</source>
            <translation>{path} 中有两个“{name}”，或该文件已经存在。</translation>
        </message>
        <message>
            <source>{path} is a web page (often that of a login), not the file that its name promises. Log in, then download it again.</source>
            <translation>{path} 是网页（往往是登录页），而不是文件名所指的文件。请登录后重新下载。</translation>
        </message>
        <message>
            <source>{path} is no .tar, .tar.gz or .zip that can be unpacked, or is damaged or cut short ({reason}). Download it again.</source>
            <translation>{path} 不是可以解压的 .tar、.tar.gz 或 .zip，或已损坏、不完整（{reason}）。请重新下载。</translation>
        </message>
        <message>
            <source>{path} is no STAC catalog. Choose another folder.</source>
            <translation>{path} 不是 STAC 目录。请选择其他文件夹。</translation>
        </message>
        <message>
            <source>{path} is no draft of a publication.</source>
            <translation>{path} 不是发布草稿。</translation>
        </message>
        <message>
            <source>{path} is no file of themes: it is left out.</source>
            <translation>{path} 不是主题文件，已略过。</translation>
        </message>
        <message>
            <source>{path} is no file of this computer: download it, then share the file.</source>
            <translation>{path} 不是本机的文件：请先下载，再共享文件。</translation>
        </message>
        <message>
            <source>{path} is not XML, or is damaged or cut short. Take it from the product again.</source>
            <translation>{path} 不是 XML，或已损坏、不完整。请从产品中重新获取。</translation>
        </message>
        <message>
            <source>{path} is not the file that was added as “{asset}” of {item}: its size or checksum differs. Choose the file that was moved, or add this one as new.</source>
            <translation>{path} 不是当初作为 {item} 的“{asset}”添加的文件：大小或校验和不同。请选择被移动的那个文件，或将此文件作为新文件添加。</translation>
        </message>
        <message>
            <source>{path} is not there any more: it was moved, renamed or deleted.</source>
            <translation>{path} 已不存在：可能已被移动、重命名或删除。</translation>
        </message>
        <message>
            <source>{path} is not there.</source>
            <translation>{path} 不存在。</translation>
        </message>
        <message>
            <source>{path} is not unpacked: it swells beyond what a product holds. Take the archive from its source again, or unpack it yourself and choose the folder.</source>
            <translation>{path} 未解压：解压后的大小超出产品应有的大小。请从原来源重新获取该压缩包，或自行解压后选择文件夹。</translation>
        </message>
        <message>
            <source>{path} is not unpacked: its member “{name}” is a link, a device or a path that leads out of the archive. No product holds such; take the archive from its source again.</source>
            <translation>{path} 未解压：其中的“{name}”是链接、设备或指向压缩包之外的路径。正常的产品不含这类内容；请从原来源重新获取该压缩包。</translation>
        </message>
        <message>
            <source>{path} is of another scene than the raster ({scene}).</source>
            <translation>{path} 属于另一景，而不是栅格的那一景（{scene}）。</translation>
        </message>
        <message>
            <source>{path} lies outside of the folder of My data, and is kept.</source>
            <translation>{path} 位于“我的数据”文件夹之外，予以保留。</translation>
        </message>
        <message>
            <source>{path} may take up to {needed} MB, but only {free} MB are free. Free space, or choose another folder.</source>
            <translation>{path} 最多可能占用 {needed} MB，但只剩 {free} MB。请腾出空间，或选择其他文件夹。</translation>
        </message>
        <message>
            <source>{path} needs {size} MB, but only {free} MB are free.</source>
            <translation>{path} 需要 {size} MB，但只剩 {free} MB。</translation>
        </message>
        <message>
            <source>{path}: not understood and not used: {names}</source>
            <translation>{path}：不能理解、未使用：{names}</translation>
        </message>
        <message>
            <source>{path}: rasters are written as {formats}. Choose one of these endings.</source>
            <translation>{path}：栅格可写为 {formats}。请选择其中一种扩展名。</translation>
        </message>
        <message>
            <source>{path}: the encoding is not the one declared, nor UTF-8 nor GB 18030. Names and numbers are read; other texts may be wrong.</source>
            <translation>{path}：编码既不是所声明的，也不是 UTF-8 或 GB 18030。名称和数字可以读取；其他文字可能有误。</translation>
        </message>
        <message>
            <source>{path}: unpacked, “{name}” takes {needed} MB, but only {free} MB are free. Free space, or choose another folder for the outputs.</source>
            <translation>{path}：“{name}”解压后占用 {needed} MB，但只剩 {free} MB。请腾出空间，或为输出选择其他文件夹。</translation>
        </message>
        <message>
            <source>{percent} % of the cells lit before have lost their light. If {after} holds 0 where nothing was seen, as under clouds, give these cells no data first.</source>
            <translation>前期有灯光的像元中 {percent} % 失去了灯光。若 {after} 在未观测到之处（例如云下）的值为 0，请先将这些像元设为无数据。</translation>
        </message>
        <message>
            <source>{percent} % of the land with a result is degraded.</source>
            <translation>有结果的土地中 {percent} % 为退化。</translation>
        </message>
        <message>
            <source>{percent} % of the people live where the light raster has no data, and are left out of the share. If its nodata stands for dark cells, choose that they count as dark.</source>
            <translation>{percent} % 的人口所在之处灯光栅格没有数据，不计入比例。若其无数据代表暗像元，请选择将其视为暗。</translation>
        </message>
        <message>
            <source>{period} (rates in % per year)</source>
            <translation>{period}（比率单位：%/年）</translation>
        </message>
        <message>
            <source>{period}, {status}: {km2} km²</source>
            <translation>{period}，{status}：{km2} km²</translation>
        </message>
        <message>
            <source>{period}: net restored land {net} km²; gains make up for losses in {achieved} of {count} zones.</source>
            <translation>{period}：净恢复土地 {net} km²；{count} 个分区中有 {achieved} 个增益能够弥补损失。</translation>
        </message>
        <message>
            <source>{population} does not overlap {light}. Check the CRS of both, and that they show the same region.</source>
            <translation>{population} 与 {light} 不重叠。请检查二者的坐标参照系，以及是否为同一地区。</translation>
        </message>
        <message>
            <source>{rasters} built-up rasters were given for {years} years; {wanted} are needed. Give one raster per year, or a single raster with the year first built.</source>
            <translation>{years} 个年份给出了 {rasters} 个建成区栅格，而需要 {wanted} 个。请每年给出一个栅格，或给出一个首次建成年份栅格。</translation>
        </message>
        <message>
            <source>{raster}, {band}: {cells} cells with data, most frequent value {background}, largest {largest}, {saturated} saturated</source>
            <translation>{raster}，{band}：有数据的像元 {cells} 个，出现最多的值 {background}，最大值 {largest}，饱和 {saturated} 个</translation>
        </message>
        <message>
            <source>{reason} What was done was undone.</source>
            <translation>{reason} 已做的操作已撤销。</translation>
        </message>
        <message>
            <source>{scene} and {before} have no cell in which both have data, or none in the zones. Check that they show the same region.</source>
            <translation>{scene} 和 {before} 没有都有数据的像元，或在分区内没有。请检查二者是否为同一地区。</translation>
        </message>
        <message>
            <source>{scene} gives other rasters than those chosen: {names}.</source>
            <translation>{scene} 得到的栅格与所选的不同：{names}。</translation>
        </message>
        <message>
            <source>{scene}: no calib.xml. To calibrate, choose a preset or type the coefficients.</source>
            <translation>{scene}：没有 calib.xml。定标时请选择预设系数，或手工输入系数。</translation>
        </message>
        <message>
            <source>{scene}: no colour rasters (…_RGB.tif).</source>
            <translation>{scene}：没有彩色栅格（…_RGB.tif）。</translation>
        </message>
        <message>
            <source>{scene}: no meta.xml, so no times and angles but the date.</source>
            <translation>{scene}：没有 meta.xml，因此只有日期，没有时间和角度。</translation>
        </message>
        <message>
            <source>{scene}: no panchromatic rasters (…_LH.tif).</source>
            <translation>{scene}：没有全色栅格（…_LH.tif）。</translation>
        </message>
        <message>
            <source>{scene}: normalised = {offset} + {terms}; {cells} stable of {candidates} cells lit in both (from {threshold} on there, which is {equal} here), residual scale {scale}, R² {r2}, {rounds} rounds.</source>
            <translation>{scene}：归一化值 = {offset} + {terms}；两者都有灯光的 {candidates} 个像元中有 {cells} 个稳定像元（在该栅格中从 {threshold} 起，相当于此处的 {equal}），残差尺度 {scale}，R² {r2}，{rounds} 轮。</translation>
        </message>
        <message>
            <source>{scene}: the line is weak (R² {r2}; {percent} % of the cells lit in both are stable). The rasters may be shifted against each other, or much has changed. Register them first, and look at the band of stable cells.</source>
            <translation>{scene}：直线较弱（R² {r2}；两者都有灯光的像元中 {percent} % 为稳定像元）。栅格可能相互错位，或变化很大。请先配准，并查看稳定像元波段。</translation>
        </message>
        <message>
            <source>{scene}: the stable cells still changed after {rounds} rounds; the last line is used.</source>
            <translation>{scene}：{rounds} 轮之后稳定像元仍在变化；采用最后一条直线。</translation>
        </message>
        <message>
            <source>{scene}: {assets}, in {folder}</source>
            <translation>{scene}：{assets}，位于 {folder}</translation>
        </message>
        <message>
            <source>{server} is no server.</source>
            <translation>{server} 不是服务器。</translation>
        </message>
        <message>
            <source>{share} % cloud</source>
            <translation>云量 {share} %</translation>
        </message>
        <message>
            <source>{share} % of the area</source>
            <translation>占面积的 {share} %</translation>
        </message>
        <message>
            <source>{share} % of the area with land cover at both dates</source>
            <translation>占两个时相均有土地覆盖的面积的 {share} %</translation>
        </message>
        <message>
            <source>{shown} of {total} rows</source>
            <translation>{total} 行中的 {shown} 行</translation>
        </message>
        <message>
            <source>{size} are free again.</source>
            <translation>已释放 {size}。</translation>
        </message>
        <message>
            <source>{size}/s</source>
            <translation>{size}/s</translation>
        </message>
        <message>
            <source>{source} broke off after {done} of {size} bytes. Try again.</source>
            <translation>{source} 在 {size} 字节中的第 {done} 字节处中断。请重试。</translation>
        </message>
        <message>
            <source>{source} cannot be read. Check the credentials for that store on this computer ({reason}).</source>
            <translation>{source} 无法读取。请检查本机对该存储的凭据（{reason}）。</translation>
        </message>
        <message>
            <source>{source} does not say where it lies, so no part can be cut out.</source>
            <translation>{source} 没有说明所在位置，因此无法裁出局部。</translation>
        </message>
        <message>
            <source>{source} has no cell within the area. Choose another area.</source>
            <translation>{source} 在区域内没有像元。请选择其他区域。</translation>
        </message>
        <message>
            <source>{source} is in another CRS than the others, and rasters of several CRSs make no mosaic. Choose those of one.</source>
            <translation>{source} 的坐标参照系与其他栅格不同，坐标参照系不同的栅格无法镶嵌。请选择坐标参照系相同的栅格。</translation>
        </message>
        <message>
            <source>{span}: {count} cells have no data in some of the years; their lowest SPI is that of the others.</source>
            <translation>{span}：{count} 个像元在部分年份没有数据；其最低 SPI 取自其余年份。</translation>
        </message>
        <message>
            <source>{start} to {end}: ratio of all cities together ({count}): {ratio}; cities without a ratio of their own: {undefined}.</source>
            <translation>{start} 至 {end}：全部城市合计（{count} 个）的比值为 {ratio}；自身没有比值的城市：{undefined} 个。</translation>
        </message>
        <message>
            <source>{start} to {end}: there is no growth.</source>
            <translation>{start} 至 {end}：没有增长。</translation>
        </message>
        <message>
            <source>{start} to {end}: {area} km² of built-up cells are open land afterwards. They are no type of growth; check whether the rasters are consistent.</source>
            <translation>{start} 至 {end}：{area} km² 的建成区像元后来成为开放用地。它们不属于任何增长类型；请检查各栅格是否一致。</translation>
        </message>
        <message>
            <source>{statistic} through time; dates with data on too little of a zone are left out.</source>
            <translation>{statistic}随时间的变化；分区内有数据的面积过小的日期不计入。</translation>
        </message>
        <message>
            <source>{url} answered with a text instead of the file: {words}</source>
            <translation>{url} 返回的是文本而不是文件：{words}</translation>
        </message>
        <message>
            <source>{url} answered with a text instead of the file: “{words}”. Check the account of the connection, or open {page} in a browser, sign in, and download the file there; then load it, or import it if it is an archive of SDGSAT-1.</source>
            <translation>{url} 返回的是文本而不是文件：“{words}”。请检查该连接的账号，或在浏览器中打开 {page}，登录后在那里下载文件；然后加载该文件，如果是 SDGSAT-1 压缩包，则将其导入。</translation>
        </message>
        <message>
            <source>{url} answered with a web page instead of the file; it may ask for a login or an approval. Check the account of the connection, or open {page} in a browser, sign in, and download the file there; then load it, or import it if it is an archive of SDGSAT-1.</source>
            <translation>{url} 返回的是网页而不是文件；可能需要登录或审批。请检查该连接的账号，或在浏览器中打开 {page}，登录后在那里下载文件；然后加载该文件，如果是 SDGSAT-1 压缩包，则将其导入。</translation>
        </message>
        <message>
            <source>{url} answered with a web page instead of the file; it may ask for a login. Choose or correct the authentication of the connection, or open the address in a browser.</source>
            <translation>{url} 返回的是网页而不是文件；可能需要登录。请选择或更正该连接的身份验证，或在浏览器中打开该地址。</translation>
        </message>
        <message>
            <source>{url} answered with an error ({status}). {words}</source>
            <translation>{url} 返回错误（{status}）。{words}</translation>
        </message>
        <message>
            <source>{url} answered with something else than JSON ({kind}): {words}. It may be a login page, or not a catalog. Open the address in a browser.</source>
            <translation>{url} 返回的不是 JSON（{kind}）：{words}。可能是登录页，或不是目录。请在浏览器中打开该地址。</translation>
        </message>
        <message>
            <source>{url} answered with something else than XML ({kind}): {words}. It may be a login page, or another service. Open the address in a browser.</source>
            <translation>{url} 返回的不是 XML（{kind}）：{words}。可能是登录页，或其他服务。请在浏览器中打开该地址。</translation>
        </message>
        <message>
            <source>{url} answered with something else than a list of files ({kind}): “{words}”. It may ask for a login or an approval, or have changed. Open {page} in a browser, sign in, and download the files there; then load them, or import archives of SDGSAT-1.</source>
            <translation>{url} 返回的不是文件列表（{kind}）：“{words}”。可能需要登录或审批，也可能接口已有变化。请在浏览器中打开 {page}，登录后在那里下载文件；然后加载这些文件，或导入 SDGSAT-1 压缩包。</translation>
        </message>
        <message>
            <source>{url} answers, but as no catalog that is known here: STAC, OGC API-Records, CSW, WMS, WMTS or XYZ tiles. Look for the address of the service in its documentation.</source>
            <translation>{url} 有响应，但不是此处所知的目录：STAC、OGC API-Records、CSW、WMS、WMTS 或 XYZ 瓦片。请在该服务的文档中查找服务地址。</translation>
        </message>
        <message>
            <source>{url} asks for credentials, or refused those given (401). {words} Choose or correct the authentication of the connection.</source>
            <translation>{url} 要求凭据，或拒绝了给出的凭据（401）。{words} 请选择或更正该连接的身份验证。</translation>
        </message>
        <message>
            <source>{url} asks for fewer requests (429). {words} Wait some minutes, then go on.</source>
            <translation>{url} 要求减少请求（429）。{words} 请等待几分钟后再继续。</translation>
        </message>
        <message>
            <source>{url} came with another checksum than the catalog gives: the file is damaged or has been changed. Nothing of it is kept; fetch it again, or ask its provider.</source>
            <translation>{url} 的校验和与目录给出的不同：文件已损坏或被更改。未保留任何内容；请重新获取，或询问数据提供方。</translation>
        </message>
        <message>
            <source>{url} cannot be read from a catalog on the web.</source>
            <translation>不能从网络上的目录读取 {url}。</translation>
        </message>
        <message>
            <source>{url} comes compressed for the way ({coding}), though the file itself was asked for. Open the address in a browser, and import the file.</source>
            <translation>请求的是文件本身，但 {url} 以传输压缩形式（{coding}）发送。请在浏览器中打开该地址，然后导入文件。</translation>
        </message>
        <message>
            <source>{url} did not answer with a list of items or collections: {words}</source>
            <translation>{url} 返回的不是条目或集合的列表：{words}</translation>
        </message>
        <message>
            <source>{url} did not arrive whole. Try again.</source>
            <translation>{url} 没有完整到达。请重试。</translation>
        </message>
        <message>
            <source>{url} did not change any record.</source>
            <translation>{url} 没有修改任何记录。</translation>
        </message>
        <message>
            <source>{url} gave no signature for the files of the collection.</source>
            <translation>{url} 没有给出该集合文件的签名。</translation>
        </message>
        <message>
            <source>{url} gives {size} bytes, not the {expected} that it promises: the file has been changed or damaged. Nothing of it is kept; fetch it again, or ask its provider.</source>
            <translation>{url} 给出 {size} 字节，而不是所声明的 {expected} 字节：文件已被更改或损坏。未保留任何内容；请重新获取，或询问数据提供方。</translation>
        </message>
        <message>
            <source>{url} has no layer “{name}” in {collection}.</source>
            <translation>{url} 的 {collection} 中没有图层“{name}”。</translation>
        </message>
        <message>
            <source>{url} has no layer “{name}”: add the service as a connection, and choose one of its layers.</source>
            <translation>{url} 没有图层“{name}”：请将该服务添加为连接，然后选择其中的图层。</translation>
        </message>
        <message>
            <source>{url} has no record with the id {id}.</source>
            <translation>{url} 中没有标识为 {id} 的记录。</translation>
        </message>
        <message>
            <source>{url} is another file than {file}: it has {there} bytes, not {here}. Share without conversion what was uploaded, or upload what is shared.</source>
            <translation>{url} 与 {file} 不是同一个文件：它有 {there} 字节，而不是 {here} 字节。请不经转换共享已上传的文件，或上传要共享的文件。</translation>
        </message>
        <message>
            <source>{url} is no address of a web server.</source>
            <translation>{url} 不是网络服务器的地址。</translation>
        </message>
        <message>
            <source>{url} is no data set of CASEarth. Open it in a browser, look for the data set, and paste the address of its page: it ends in sdo/detail/ or dataset/ and an id. If it is the address of a map service, choose the kind yourself.</source>
            <translation>{url} 不是 CASEarth 的数据集。请在浏览器中打开该地址，找到所需的数据集，然后粘贴其网页的地址：以 sdo/detail/ 或 dataset/ 加标识结尾。如果这是地图服务的地址，请自行选择类型。</translation>
        </message>
        <message>
            <source>{url} is no document of a catalog.</source>
            <translation>{url} 不是目录中的文档。</translation>
        </message>
        <message>
            <source>{url} is not there (404): CASEarth gives lists of files in another way now, or does not know the data set. Open {page} in a browser, sign in, and download the files there; then load them, or import archives of SDGSAT-1.</source>
            <translation>{url} 不存在（404）：CASEarth 可能已改用其他方式提供文件列表，或没有该数据集。请在浏览器中打开 {page}，登录后在那里下载文件；然后加载这些文件，或导入 SDGSAT-1 压缩包。</translation>
        </message>
        <message>
            <source>{url} redirects in a circle. Check the address.</source>
            <translation>{url} 循环重定向。请检查地址。</translation>
        </message>
        <message>
            <source>{url} redirects to what is no address of a web server: {target}</source>
            <translation>{url} 重定向到的不是网络服务器的地址：{target}</translation>
        </message>
        <message>
            <source>{url} refuses access (403). {words} Your account may lack the right, or the data need an agreement.</source>
            <translation>{url} 拒绝访问（403）。{words} 您的账号可能没有权限，或该数据需要先签署协议。</translation>
        </message>
        <message>
            <source>{url} reports an error: {words}</source>
            <translation>{url} 报告错误：{words}</translation>
        </message>
        <message>
            <source>{url} sent nothing for {seconds} s. It may be slow or overloaded: try again, or give the connection more time.</source>
            <translation>{url} 在 {seconds} 秒内没有发送任何内容。服务器可能较慢或过载：请重试，或给该连接更多时间。</translation>
        </message>
        <message>
            <source>{url} was not found (404). {words} Check the address of the connection.</source>
            <translation>未找到 {url}（404）。{words} 请检查该连接的地址。</translation>
        </message>
        <message>
            <source>{url} was not found (404). {words} The file is not there any more; search for the item again.</source>
            <translation>未找到 {url}（404）。{words} 该文件已不存在；请重新搜索该条目。</translation>
        </message>
        <message>
            <source>{url}: the connection broke again and again before the file was whole. What came is kept; go on when the network is better.</source>
            <translation>{url}：文件完成之前连接多次中断。已收到的部分已保留；请在网络好转后继续。</translation>
        </message>
        <message>
            <source>{what}: finds some</source>
            <translation>{what}：有结果</translation>
        </message>
        <message>
            <source>{what}: finds {count}</source>
            <translation>{what}：有 {count} 个</translation>
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
            <source>{year}, km²</source>
            <translation>{year} 年，km²</translation>
        </message>
        <message>
            <source>{year}: no built-up cell has enough built up around it to be urban or suburban, so there is no urban extent.</source>
            <translation>{year}：没有建成区像元的周围有足够的建成区而成为城市或郊区，因此没有城市范围。</translation>
        </message>
        <message>
            <source>{year}: no cell has data, so there is no urban extent.</source>
            <translation>{year}：没有像元有数据，因此没有城市范围。</translation>
        </message>
        <message>
            <source>{year}: no cell is built up, so there is no urban extent. Check what the cells of the built-up raster hold.</source>
            <translation>{year}：没有像元为建成区，因此没有城市范围。请检查建成区栅格像元的值的含义。</translation>
        </message>
        <message>
            <source>{year}: no composite in months {months}</source>
            <translation>{year} 年：以下月份没有合成影像：{months}</translation>
        </message>
        <message>
            <source>{year}: urban extent {area} km².</source>
            <translation>{year}：城市范围 {area} km²。</translation>
        </message>
        <message>
            <source>{zone}: lit from {threshold} on, {lit} of {area} km² lit ({percent} %).</source>
            <translation>{zone}：达到 {threshold} 为有灯光，{area} km² 中有 {lit} km²（{percent} %）。</translation>
        </message>
        <message>
            <source>{zone}: {percent} % of {people} people live in electrified cells (threshold {threshold}).</source>
            <translation>{zone}：{people} 人中有 {percent} % 居住在通电像元中（阈值 {threshold}）。</translation>
        </message>
        <message>
            <source>“{begin}” ({first}) lies after “{end}” ({last}).</source>
            <translation>“{begin}”（{first}）晚于“{end}”（{last}）。</translation>
        </message>
        <message>
            <source>“{classes}” is filled in, but “{raster}” is empty. Fill in both or neither.</source>
            <translation>已填写“{classes}”，但“{raster}”为空。请两项都填写，或都留空。</translation>
        </message>
        <message>
            <source>“{counts}” and “{light}” are not of the same dates. Give one raster of observations for each of light, or type the dates in “{dates}”.</source>
            <translation>“{counts}”与“{light}”的日期不同。请为每个灯光栅格给出一个观测次数栅格，或在“{dates}”中输入日期。</translation>
        </message>
        <message>
            <source>“{doi}” is no DOI, such as 10.1234/abc.</source>
            <translation>“{doi}”不是 DOI，例如 10.1234/abc。</translation>
        </message>
        <message>
            <source>“{email}” is no e-mail address.</source>
            <translation>“{email}”不是电子邮箱地址。</translation>
        </message>
        <message>
            <source>“{field}” is given without “{zones}”: choose the zones too.</source>
            <translation>给出了“{field}”，但没有给出“{zones}”：请同时选择分区。</translation>
        </message>
        <message>
            <source>“{first}” and “{second}” both name the year {year}. Type the years in “{parameter}”.</source>
            <translation>“{first}”和“{second}”的年份都是 {year}。请在“{parameter}”中输入年份。</translation>
        </message>
        <message>
            <source>“{id}” in {url} is no id of a data set of CASEarth: that has 24 digits and letters from a to f. Open the data set in a browser, and copy the address of its page.</source>
            <translation>{url} 中的“{id}”不是 CASEarth 数据集的标识：标识由 24 个数字和字母 a 至 f 组成。请在浏览器中打开该数据集，并复制其网页的地址。</translation>
        </message>
        <message>
            <source>“{licence}” is no identifier of a licence; take “other”.</source>
            <translation>“{licence}”不是许可协议的标识符；请使用“other”。</translation>
        </message>
        <message>
            <source>“{name}” does not say which layer of which service it is.</source>
            <translation>“{name}”没有说明是哪个服务的哪个图层。</translation>
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
            <source>“{name}” names more than one year ({years}). Type the years in “{parameter}”.</source>
            <translation>“{name}”中有不止一个年份（{years}）。请在“{parameter}”中输入年份。</translation>
        </message>
        <message>
            <source>“{parameter}” is not given: type a value above 0.</source>
            <translation>没有给出“{parameter}”：请输入大于 0 的值。</translation>
        </message>
        <message>
            <source>“{population}” is empty, but cells are to be weighed by light and population. Choose a population raster, or “light”.</source>
            <translation>“{population}”为空，但像元须按灯光和人口加权。请选择人口栅格，或选择“light”。</translation>
        </message>
        <message>
            <source>“{text}” cannot be an id: take letters, digits, “-”, “_” and “.”.</source>
            <translation>“{text}”不能作为标识：请使用字母、数字、“-”、“_”和“.”。</translation>
        </message>
        <message>
            <source>“{url}” is no address of a folder on the web.</source>
            <translation>“{url}”不是网络文件夹的地址。</translation>
        </message>
        <message>
            <source>“{url}” is no address of a web page.</source>
            <translation>“{url}”不是网页的地址。</translation>
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
