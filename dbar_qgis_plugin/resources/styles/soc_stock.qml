<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<!-- Soil organic carbon of the upper 30 cm, t/ha. -->
<qgis version="3.40.0" styleCategories="Symbology">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" classificationMin="0" classificationMax="120" opacity="1" alphaBand="-1">
      <rastershader>
        <colorrampshader colorRampType="INTERPOLATED" classificationMode="1" minimumValue="0" maximumValue="120" clip="0">
          <item value="0" label="0" color="#fff7e6" alpha="255"/>
          <item value="30" label="30 t/ha" color="#e3c48f" alpha="255"/>
          <item value="60" label="60 t/ha" color="#b9834a" alpha="255"/>
          <item value="90" label="90 t/ha" color="#7f4a21" alpha="255"/>
          <item value="120" label="120 t/ha" color="#3d1f0d" alpha="255"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
  </pipe>
</qgis>
