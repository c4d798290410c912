<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<!-- Built-up share of a cell, 0 to 1; clear where nothing is built. -->
<qgis version="3.40.0" styleCategories="Symbology">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" classificationMin="0" classificationMax="1" opacity="1" alphaBand="-1">
      <rastershader>
        <colorrampshader colorRampType="INTERPOLATED" classificationMode="1" minimumValue="0" maximumValue="1" clip="0">
          <item value="0" label="0" color="#fee8c8" alpha="0"/>
          <item value="0.05" label="0.05" color="#fee8c8" alpha="255"/>
          <item value="0.25" label="0.25" color="#fdbb84" alpha="255"/>
          <item value="0.5" label="0.5" color="#ef6548" alpha="255"/>
          <item value="1" label="1" color="#7f0000" alpha="255"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
  </pipe>
</qgis>
