<?xml version="1.0"?>
<!--
  comments.xsl - what people decided of a requirement as plain text, the same
  in every checklist and result file: first what they wrote themselves, then a
  line for each decision, "WAIVER :: approved by ... until ...: why".
-->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:e="urn:muster:evidence:1" exclude-result-prefixes="e">

  <xsl:template name="decision-word">
    <xsl:param name="kind"/>
    <xsl:choose>
      <xsl:when test="$kind = 'waiver'">WAIVER</xsl:when>
      <xsl:when test="$kind = 'inherited'">INHERITED</xsl:when>
      <xsl:when test="$kind = 'attestation'">ATTESTATION</xsl:when>
      <xsl:when test="$kind = 'poam'">POAM</xsl:when>
      <xsl:when test="$kind = 'risk_adjustment'">SEVERITY</xsl:when>
      <xsl:otherwise>DECISION</xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- One decision in force, on one line. -->
  <xsl:template match="e:covered" mode="sentence">
    <xsl:choose>
      <xsl:when test="@kind = 'false_positive'">false positive, </xsl:when>
      <xsl:when test="@kind = 'not_applicable'">not applicable, </xsl:when>
      <xsl:when test="@kind = 'attestation'">
        <xsl:value-of select="concat(translate(@verdict, '_', ' '), ', ')"/>
      </xsl:when>
      <xsl:when test="@kind = 'risk_adjustment'">
        <xsl:value-of select="concat(@severity, ', ')"/>
      </xsl:when>
    </xsl:choose>
    <xsl:value-of select="concat('approved by ', @approved_by, ' on ',
        substring(@approved_at, 1, 10))"/>
    <xsl:if test="@until">
      <xsl:value-of select="concat(' until ', @until)"/>
    </xsl:if>
    <xsl:value-of select="concat(': ', translate(substring(e:why, 1, 2000),
        '&#10;&#13;', '  '))"/>
  </xsl:template>

  <xsl:template match="e:requirement" mode="comments">
    <xsl:variable name="lines"
        select="e:covered[@in_force = 1 and @kind != 'comment']"/>
    <xsl:variable name="own"
        select="e:covered[@in_force = 1 and @kind = 'comment'][1]/e:why"/>
    <xsl:value-of select="$own"/>
    <xsl:for-each select="$lines">
      <xsl:if test="position() != 1 or $own != ''"><xsl:text>&#10;</xsl:text></xsl:if>
      <xsl:call-template name="decision-word">
        <xsl:with-param name="kind" select="@kind"/>
      </xsl:call-template>
      <xsl:text> :: </xsl:text>
      <xsl:apply-templates select="." mode="sentence"/>
    </xsl:for-each>
  </xsl:template>

  <!-- The severity that somebody with the authority gave it instead. -->
  <xsl:template match="e:requirement" mode="severity">
    <xsl:variable name="s"
        select="e:covered[@in_force = 1 and @severity][1]/@severity"/>
    <xsl:choose>
      <xsl:when test="$s = 'critical'">high</xsl:when>
      <xsl:when test="$s = 'negligible'">low</xsl:when>
      <xsl:otherwise><xsl:value-of select="$s"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>
  <xsl:template match="e:requirement" mode="severity-why">
    <xsl:value-of select="e:covered[@in_force = 1 and @severity][1]/e:why"/>
  </xsl:template>
</xsl:stylesheet>
