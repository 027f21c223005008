<?xml version="1.0"?>
<!--
  tree.xsl - a JSON document from a small tree: o objects, a arrays, s
  strings, n numbers and booleans; k is the name of a member.

    <xsl:variable name="tree"><o><s k="title">...</s></o></xsl:variable>
    <xsl:apply-templates select="m:tree($tree)/*" mode="json"/>

  An array without elements and a member without text stay out where opt="1"
  is said of them: many schemas refuse them empty.
-->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:m="urn:muster:functions">

  <xsl:template match="o | a | s | n" mode="json">
    <xsl:param name="in" select="''"/>
    <xsl:if test="@k"><xsl:value-of select="concat(m:json(@k), ': ')"/></xsl:if>
    <xsl:apply-templates select="." mode="json-value">
      <xsl:with-param name="in" select="$in"/>
    </xsl:apply-templates>
  </xsl:template>

  <xsl:template match="s" mode="json-value">
    <xsl:value-of select="m:json(.)"/>
  </xsl:template>
  <xsl:template match="n" mode="json-value">
    <xsl:value-of select="."/>
  </xsl:template>

  <xsl:template match="o" mode="json-value">
    <xsl:param name="in"/>
    <xsl:call-template name="json-members">
      <xsl:with-param name="in" select="$in"/>
      <xsl:with-param name="open" select="'{'"/>
      <xsl:with-param name="close" select="'}'"/>
    </xsl:call-template>
  </xsl:template>
  <xsl:template match="a" mode="json-value">
    <xsl:param name="in"/>
    <xsl:call-template name="json-members">
      <xsl:with-param name="in" select="$in"/>
      <xsl:with-param name="open" select="'['"/>
      <xsl:with-param name="close" select="']'"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template name="json-members">
    <xsl:param name="in"/>
    <xsl:param name="open"/>
    <xsl:param name="close"/>
    <xsl:variable name="there" select="*[not(@opt) or * or . != '']"/>
    <xsl:value-of select="$open"/>
    <xsl:for-each select="$there">
      <xsl:value-of select="concat('&#10;', $in, '  ')"/>
      <xsl:apply-templates select="." mode="json">
        <xsl:with-param name="in" select="concat($in, '  ')"/>
      </xsl:apply-templates>
      <xsl:if test="position() != last()">,</xsl:if>
    </xsl:for-each>
    <xsl:if test="$there"><xsl:value-of
        select="concat('&#10;', $in)"/></xsl:if>
    <xsl:value-of select="$close"/>
  </xsl:template>
</xsl:stylesheet>
