<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<!-- NDVI x 10000 of the sample region, 2000 to 2023: the last band, from bare to green. -->
<qgis version="3.40.0" styleCategories="Symbology">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="24" classificationMin="0" classificationMax="8500" opacity="1" alphaBand="-1">
      <rastershader>
        <colorrampshader colorRampType="INTERPOLATED" classificationMode="1" minimumValue="0" maximumValue="8500" clip="0">
          <item value="0" label="0" color="#c9a26b" alpha="255"/>
          <item value="2000" label="0.2" color="#e8dca4" alpha="255"/>
          <item value="4000" label="0.4" color="#b5cf6b" alpha="255"/>
          <item value="6000" label="0.6" color="#5a9e3c" alpha="255"/>
          <item value="8500" label="0.85" color="#0b5d1e" alpha="255"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
  </pipe>
</qgis>
