<?xml version="1.0"?>
<!--
  cells.xsl - a rule of another STIG in a checklist: the same in both formats.

  Ids are those of DISA's files: no "xccdf_..._rule_".  STIG Manager cuts at 45
  characters, so that what is longer, or no id at all, ends in a sum of it.
  A severity that nobody gave is written as medium: readers drop failures of
  "unknown" ones.
-->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:e="urn:muster:evidence:1" xmlns:m="urn:muster:functions"
    exclude-result-prefixes="e m">

  <xsl:variable name="stig" select="/e:evidence/e:part/e:stig/e:info"/>
  <xsl:variable name="stig-uuid" select="m:uuid(concat('stig&#10;',
      /e:evidence/e:part/e:about/@key, '&#10;', $stig/@id))"/>
  <xsl:variable name="stig-title">
    <xsl:value-of select="$stig/@title"/>
    <xsl:if test="not($stig/@title)">
      <xsl:value-of select="$stig/@id"/>
    </xsl:if>
  </xsl:variable>
  <xsl:variable name="stig-ref">
    <xsl:value-of select="concat($stig-title, ' :: Version ',
        $stig/@version)"/>
    <xsl:if test="$stig/@release">
      <xsl:value-of select="concat(', ', $stig/@release)"/>
    </xsl:if>
  </xsl:variable>

  <xsl:template match="e:cell" mode="rule">
    <xsl:choose>
      <xsl:when test="@odd">
        <xsl:value-of select="concat(substring(@rule, 1, 28), '-', substring(
            translate(m:uuid(@odd), '-', ''), 1, 16))"/>
      </xsl:when>
      <xsl:otherwise><xsl:value-of select="@rule"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="e:cell" mode="rule-version">
    <xsl:choose>
      <xsl:when test="@version">
        <xsl:value-of select="@version"/>
      </xsl:when>
      <xsl:otherwise><xsl:value-of select="@rule"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- As a manual STIG in evidence says, else "SV-230221r858734_rule" is of
  V-230221. -->
  <xsl:template match="e:cell" mode="group">
    <xsl:variable name="n" select="substring-before(substring-after(@rule,
        'SV-'), 'r')"/>
    <xsl:choose>
      <xsl:when test="@group"><xsl:value-of select="@group"/></xsl:when>
      <xsl:when test="starts-with(@rule, 'SV-') and $n != '' and
          translate($n, '0123456789', '') = ''">
        <xsl:value-of select="concat('V-', $n)"/>
      </xsl:when>
      <xsl:otherwise>
        <xsl:apply-templates select="." mode="rule"/>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="e:cell" mode="title">
    <xsl:choose>
      <xsl:when test="@title"><xsl:value-of select="@title"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="@rule"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:key name="mark" match="e:mark" use="@id"/>
  <xsl:template match="e:cell" mode="marking">
    <xsl:value-of select="key('mark', translate(@id,
        'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'))/@text"/>
  </xsl:template>

  <!-- The result that counts, and up to three of the others. -->
  <xsl:template match="e:cell" mode="checklist">
    <xsl:variable name="marking">
      <xsl:apply-templates select="." mode="marking"/>
    </xsl:variable>
    <xsl:if test="$marking != ''">
      <xsl:value-of select="concat('Marking: ', $marking, '&#10;')"/>
    </xsl:if>
    <xsl:value-of select="concat('Result: ', @result)"/>
    <xsl:if test="@graded = 0">
      <xsl:text>&#10;Nobody gave it a severity.</xsl:text>
    </xsl:if>
    <xsl:if test="@results &gt; 1">
      <xsl:value-of select="concat('&#10;The worst of ', @results,
          ' results; also:&#10;', e:also)"/>
      <xsl:if test="@results &gt; 4">
        <xsl:value-of select="concat('&#10;... and ', @results - 4,
            ' more, in the evidence database')"/>
      </xsl:if>
    </xsl:if>
  </xsl:template>

  <!-- Who says so, and where. -->
  <xsl:template match="e:cell" mode="comments">
    <xsl:choose>
      <xsl:when test="@tool">
        <xsl:value-of select="concat('By ', @tool)"/>
        <xsl:if test="@tool_version">
          <xsl:value-of select="concat(' ', @tool_version)"/>
        </xsl:if>
      </xsl:when>
      <xsl:otherwise>By a tool that gives no name</xsl:otherwise>
    </xsl:choose>
    <xsl:value-of select="concat(' [', substring(@artifact, 1, 80),
        ' sha256:', @sha256)"/>
    <xsl:if test="@locator">
      <xsl:value-of select="concat(', ', substring(@locator, 1, 160))"/>
    </xsl:if>
    <xsl:text>]</xsl:text>
  </xsl:template>

  <!-- "low: why", as a checklist changed it. -->
  <xsl:template match="e:cell" mode="severity">
    <xsl:variable name="s" select="substring-before(@override, ':')"/>
    <xsl:if test="$s = 'low' or $s = 'medium' or $s = 'high'">
      <xsl:value-of select="$s"/>
    </xsl:if>
  </xsl:template>
  <xsl:template match="e:cell" mode="severity-why">
    <xsl:variable name="s" select="substring-before(@override, ':')"/>
    <xsl:variable name="why" select="normalize-space(substring-after(
        @override, ':'))"/>
    <xsl:if test="$s = 'low' or $s = 'medium' or $s = 'high'">
      <xsl:value-of select="$why"/>
      <xsl:if test="$why = ''">no reason given</xsl:if>
    </xsl:if>
  </xsl:template>
</xsl:stylesheet>
