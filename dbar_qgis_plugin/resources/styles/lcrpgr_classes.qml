<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<!-- Classes of the ratio of land consumption rate to population growth rate. Purple, pale green and orange keep
     apart for every kind of colour vision, dark ends in grey print too; the hatch sets "undefined" apart. -->
<qgis version="3.40.0" styleCategories="Symbology|Labeling" labelsEnabled="1">
  <renderer-v2 type="categorizedSymbol" attr="class_last">
    <categories>
      <category value="5" type="long" label="above 2: land changes over twice as much" symbol="0" render="true"/>
      <category value="4" type="long" label="1 to 2: land changes more than population" symbol="1" render="true"/>
      <category value="3" type="long" label="0 to 1: land changes less than population" symbol="2" render="true"/>
      <category value="2" type="long" label="−1 to 0: opposite ways, population changes more" symbol="3" render="true"/>
      <category value="1" type="long" label="below −1: opposite ways, land changes more" symbol="4" render="true"/>
      <category value="0" type="long" label="undefined: see the flags" symbol="5" render="true"/>
    </categories>
    <symbols>
      <symbol type="fill" name="0" alpha="1" clip_to_extent="1">
        <layer class="SimpleFill" enabled="1" pass="0">
          <Option type="Map">
            <Option type="QString" name="color" value="179,88,6,255"/>
            <Option type="QString" name="style" value="solid"/>
            <Option type="QString" name="outline_color" value="59,59,59,255"/>
            <Option type="QString" name="outline_width" value="0.26"/>
            <Option type="QString" name="outline_width_unit" value="MM"/>
          </Option>
        </layer>
      </symbol>
      <symbol type="fill" name="1" alpha="1" clip_to_extent="1">
        <layer class="SimpleFill" enabled="1" pass="0">
          <Option type="Map">
            <Option type="QString" name="color" value="253,184,99,255"/>
            <Option type="QString" name="style" value="solid"/>
            <Option type="QString" name="outline_color" value="59,59,59,255"/>
            <Option type="QString" name="outline_width" value="0.26"/>
            <Option type="QString" name="outline_width_unit" value="MM"/>
          </Option>
        </layer>
      </symbol>
      <symbol type="fill" name="2" alpha="1" clip_to_extent="1">
        <layer class="SimpleFill" enabled="1" pass="0">
          <Option type="Map">
            <Option type="QString" name="color" value="209,229,225,255"/>
            <Option type="QString" name="style" value="solid"/>
            <Option type="QString" name="outline_color" value="59,59,59,255"/>
            <Option type="QString" name="outline_width" value="0.26"/>
            <Option type="QString" name="outline_width_unit" value="MM"/>
          </Option>
        </layer>
      </symbol>
      <symbol type="fill" name="3" alpha="1" clip_to_extent="1">
        <layer class="SimpleFill" enabled="1" pass="0">
          <Option type="Map">
            <Option type="QString" name="color" value="178,171,210,255"/>
            <Option type="QString" name="style" value="solid"/>
            <Option type="QString" name="outline_color" value="59,59,59,255"/>
            <Option type="QString" name="outline_width" value="0.26"/>
            <Option type="QString" name="outline_width_unit" value="MM"/>
          </Option>
        </layer>
      </symbol>
      <symbol type="fill" name="4" alpha="1" clip_to_extent="1">
        <layer class="SimpleFill" enabled="1" pass="0">
          <Option type="Map">
            <Option type="QString" name="color" value="84,39,136,255"/>
            <Option type="QString" name="style" value="solid"/>
            <Option type="QString" name="outline_color" value="59,59,59,255"/>
            <Option type="QString" name="outline_width" value="0.26"/>
            <Option type="QString" name="outline_width_unit" value="MM"/>
          </Option>
        </layer>
      </symbol>
      <symbol type="fill" name="5" alpha="1" clip_to_extent="1">
        <layer class="SimpleFill" enabled="1" pass="0">
          <Option type="Map">
            <Option type="QString" name="color" value="110,118,126,255"/>
            <Option type="QString" name="style" value="b_diagonal"/>
            <Option type="QString" name="outline_color" value="59,59,59,255"/>
            <Option type="QString" name="outline_width" value="0.26"/>
            <Option type="QString" name="outline_width_unit" value="MM"/>
          </Option>
        </layer>
      </symbol>
    </symbols>
  </renderer-v2>
  <labeling type="simple">
    <settings>
      <text-style fieldName="city" isExpression="0" fontWeight="50" fontSize="9" fontSizeUnit="Point" textColor="27,39,51,255" textOpacity="1">
        <text-buffer bufferDraw="1" bufferSize="0.8" bufferSizeUnits="MM" bufferColor="255,255,255,255" bufferOpacity="1"/>
      </text-style>
      <placement placement="1"/>
      <rendering scaleVisibility="1" scaleMin="0" scaleMax="5000000" drawLabels="1" obstacle="0"/>
    </settings>
  </labeling>
</qgis>
