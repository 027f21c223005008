<?xml version="1.0"?>
<!--
  details.xsl - a verdict and its reasons as plain text, the same in every
  checklist and result file.

  STIG Manager cuts details at 32,767 characters; with these caps they stay
  below, and what is left out is said.
-->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:e="urn:muster:evidence:1" exclude-result-prefixes="e">

  <xsl:variable name="quoted" select="40"/>
  <xsl:variable name="longest" select="400"/>

  <xsl:template name="clip">
    <xsl:param name="text"/>
    <xsl:param name="max" select="$longest"/>
    <xsl:choose>
      <xsl:when test="string-length($text) &gt; $max">
        <xsl:value-of select="concat(substring($text, 1, $max), '…')"/>
      </xsl:when>
      <xsl:otherwise><xsl:value-of select="$text"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- How a verdict or a reason's role reads. -->
  <xsl:template name="word">
    <xsl:param name="of"/>
    <xsl:choose>
      <xsl:when test="$of = 'pass'">Pass</xsl:when>
      <xsl:when test="$of = 'fail'">Fail</xsl:when>
      <xsl:when test="$of = 'not_applicable'">Not applicable</xsl:when>
      <xsl:when test="$of = 'not_reviewed'">Not reviewed</xsl:when>
      <xsl:when test="$of = 'error'">Error</xsl:when>
      <xsl:when test="$of = 'missing'">Missing</xsl:when>
      <xsl:when test="$of = 'contradiction'">Contradiction</xsl:when>
      <xsl:when test="$of = 'note'">Note</xsl:when>
      <xsl:otherwise><xsl:value-of select="$of"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="e:reason" mode="details">
    <xsl:call-template name="word">
      <xsl:with-param name="of" select="@role"/>
    </xsl:call-template>
    <xsl:text>: </xsl:text>
    <xsl:call-template name="clip">
      <xsl:with-param name="text" select="e:text"/>
    </xsl:call-template>
    <xsl:if test="@sha256">
      <xsl:value-of select="concat(' [', substring(@artifact, 1, 80),
          ' sha256:', @sha256)"/>
      <xsl:if test="@locator">
        <xsl:text>, </xsl:text>
        <xsl:call-template name="clip">
          <xsl:with-param name="text" select="@locator"/>
          <xsl:with-param name="max" select="160"/>
        </xsl:call-template>
      </xsl:if>
      <xsl:text>]</xsl:text>
    </xsl:if>
    <xsl:if test="position() != last()"><xsl:text>&#10;</xsl:text></xsl:if>
  </xsl:template>

  <!-- A requirement's marking (or a rule's: cells.xsl), or the package's. -->
  <xsl:template match="e:requirement" mode="marking">
    <xsl:value-of select="@marking"/>
  </xsl:template>
  <xsl:template name="classification">
    <xsl:param name="none"/>
    <xsl:variable name="own">
      <xsl:apply-templates select="." mode="marking"/>
    </xsl:variable>
    <xsl:choose>
      <xsl:when test="$own != ''"><xsl:value-of select="$own"/></xsl:when>
      <xsl:when test="/e:evidence/@marking">
        <xsl:value-of select="/e:evidence/@marking"/>
      </xsl:when>
      <xsl:otherwise><xsl:value-of select="$none"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- In a checklist, what a person wrote there comes first. -->
  <xsl:template match="e:requirement" mode="checklist">
    <xsl:variable name="own"
        select="e:covered[@in_force = 1 and @kind = 'comment'][1]/e:details"/>
    <xsl:if test="$own != ''">
      <xsl:value-of select="concat($own, '&#10;')"/>
    </xsl:if>
    <xsl:apply-templates select="." mode="details"/>
  </xsl:template>

  <!-- A marking of its own goes first, whatever the format. -->
  <xsl:template match="e:requirement" mode="details">
    <xsl:if test="@marking">
      <xsl:value-of select="concat('Marking: ', @marking, '&#10;')"/>
    </xsl:if>
    <xsl:apply-templates select="e:reason[position() &lt;= $quoted]"
        mode="details"/>
    <xsl:variable name="shown"
        select="count(e:reason[position() &lt;= $quoted])"/>
    <xsl:if test="@reasons &gt; $shown">
      <xsl:value-of select="concat('&#10;... and ', @reasons - $shown,
          ' more reasons, in the evidence database')"/>
    </xsl:if>
  </xsl:template>
</xsl:stylesheet>
