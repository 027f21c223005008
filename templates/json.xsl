<?xml version="1.0"?>
<!--
  json.xsl - text as JSON strings; the one way text enters a JSON output.

  A text is cut at a character that must be escaped, and so are the pieces.
  Long texts are halved first, so that the depth stays far below what libxslt
  allows.  Control characters other than these three cannot be in an XML
  document.
-->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

  <xsl:template name="json-inside">
    <xsl:param name="text"/>
    <xsl:choose>
      <xsl:when test="contains($text, '&#10;')">
        <xsl:call-template name="json-cut">
          <xsl:with-param name="text" select="$text"/>
          <xsl:with-param name="at" select="'&#10;'"/>
          <xsl:with-param name="as" select="'\n'"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="contains($text, '&quot;')">
        <xsl:call-template name="json-cut">
          <xsl:with-param name="text" select="$text"/>
          <xsl:with-param name="at" select="'&quot;'"/>
          <xsl:with-param name="as" select="'\&quot;'"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="contains($text, '\')">
        <xsl:call-template name="json-cut">
          <xsl:with-param name="text" select="$text"/>
          <xsl:with-param name="at" select="'\'"/>
          <xsl:with-param name="as" select="'\\'"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="contains($text, '&#9;')">
        <xsl:call-template name="json-cut">
          <xsl:with-param name="text" select="$text"/>
          <xsl:with-param name="at" select="'&#9;'"/>
          <xsl:with-param name="as" select="'\t'"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="contains($text, '&#13;')">
        <xsl:call-template name="json-cut">
          <xsl:with-param name="text" select="$text"/>
          <xsl:with-param name="at" select="'&#13;'"/>
          <xsl:with-param name="as" select="'\r'"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:otherwise><xsl:value-of select="$text"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- At the first such character, or in the middle of a long text. -->
  <xsl:template name="json-cut">
    <xsl:param name="text"/>
    <xsl:param name="at"/>
    <xsl:param name="as"/>
    <xsl:choose>
      <xsl:when test="string-length($text) &gt; 400">
        <xsl:variable name="half" select="floor(string-length($text) div 2)"/>
        <xsl:call-template name="json-inside">
          <xsl:with-param name="text" select="substring($text, 1, $half)"/>
        </xsl:call-template>
        <xsl:call-template name="json-inside">
          <xsl:with-param name="text" select="substring($text, $half + 1)"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="json-inside">
          <xsl:with-param name="text" select="substring-before($text, $at)"/>
        </xsl:call-template>
        <xsl:value-of select="$as"/>
        <xsl:call-template name="json-inside">
          <xsl:with-param name="text" select="substring-after($text, $at)"/>
        </xsl:call-template>
      </xsl:otherwise>
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
