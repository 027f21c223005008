<?xml version="1.0"?>
<!--
  json.xsl - text as JSON strings; the one way text enters a JSON output.

  A text without anything to escape is written as it is; any other is halved
  until a single character is left, so that the depth grows with the logarithm
  of the length.  Control characters other than these three cannot be in an
  XML document.
-->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

  <xsl:variable name="escaped">"\&#9;&#10;&#13;</xsl:variable>

  <xsl:template name="json-inside">
    <xsl:param name="text"/>
    <xsl:variable name="length" select="string-length($text)"/>
    <xsl:choose>
      <xsl:when test="string-length(translate($text, $escaped, '')) = $length">
        <xsl:value-of select="$text"/>
      </xsl:when>
      <xsl:when test="$length &gt; 1">
        <xsl:variable name="half" select="floor($length div 2)"/>
        <xsl:call-template name="json-inside">
          <xsl:with-param name="text" select="substring($text, 1, $half)"/>
        </xsl:call-template>
        <xsl:call-template name="json-inside">
          <xsl:with-param name="text" select="substring($text, $half + 1)"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$text = '&#10;'">\n</xsl:when>
      <xsl:when test="$text = '&#9;'">\t</xsl:when>
      <xsl:when test="$text = '&#13;'">\r</xsl:when>
      <xsl:otherwise><xsl:value-of select="concat('\', $text)"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="json-string">
    <xsl:param name="text"/>
    <xsl:text>"</xsl:text>
    <xsl:call-template name="json-inside">
      <xsl:with-param name="text" select="string($text)"/>
    </xsl:call-template>
    <xsl:text>"</xsl:text>
  </xsl:template>

  <!-- A member of an object on a line of its own: "name": "text". -->
  <xsl:template name="json-member">
    <xsl:param name="in"/>
    <xsl:param name="name"/>
    <xsl:param name="text"/>
    <xsl:param name="last" select="false()"/>
    <xsl:value-of select="concat($in, '&quot;', $name, '&quot;: ')"/>
    <xsl:call-template name="json-string">
      <xsl:with-param name="text" select="$text"/>
    </xsl:call-template>
    <xsl:if test="not($last)">,</xsl:if>
    <xsl:text>&#10;</xsl:text>
  </xsl:template>
</xsl:stylesheet>
