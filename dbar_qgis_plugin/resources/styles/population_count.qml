<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<!-- Persons per cell of one hectare; clear where nobody lives. -->
<qgis version="3.40.0" styleCategories="Symbology">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" classificationMin="0" classificationMax="400" opacity="1" alphaBand="-1">
      <rastershader>
        <colorrampshader colorRampType="INTERPOLATED" classificationMode="1" minimumValue="0" maximumValue="400" clip="0">
          <item value="0" label="0" color="#deebf7" alpha="0"/>
          <item value="2" label="2" color="#deebf7" alpha="255"/>
          <item value="50" label="50" color="#9ecae1" alpha="255"/>
          <item value="150" label="150" color="#4292c6" alpha="255"/>
          <item value="400" label="400" color="#08306b" alpha="255"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
  </pipe>
</qgis>
