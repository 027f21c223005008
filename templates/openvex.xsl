<?xml version="1.0"?>
<!--
  openvex.xsl - OpenVEX 0.2.0 from approved decisions on an image's findings.
  Nothing approved says anything of a finding: there is no file.  A document
  has no place for a marking; each statement's notes begin with it.
-->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:e="urn:muster:evidence:1" xmlns:m="urn:muster:functions"
    exclude-result-prefixes="e m">
  <xsl:import href="tree.xsl"/>
  <xsl:output method="text" encoding="UTF-8"/>

  <xsl:template match="/e:evidence">
    <xsl:variable name="decided" select="e:issues/e:issue/e:covered[
        @in_force = 1 and @kind != 'comment' and
        @kind != 'risk_adjustment']"/>
    <xsl:variable name="tree">
      <o>
        <s k="@context">https://openvex.dev/ns/v0.2.0</s>
        <s k="@id"><xsl:value-of select="concat('urn:uuid:',
            e:subject/@uuid)"/></s>
        <s k="author">muster</s>
        <s k="timestamp"><xsl:value-of select="@as_of"/></s>
        <n k="version">1</n>
        <s k="tooling"><xsl:value-of select="concat('muster ',
            @muster)"/></s>
        <a k="statements">
          <xsl:apply-templates select="$decided"/>
        </a>
      </o>
    </xsl:variable>
    <xsl:if test="e:subject/@kind = 'image' and $decided">
      <xsl:apply-templates select="m:tree($tree)/*" mode="json"/>
      <xsl:text>&#10;</xsl:text>
    </xsl:if>
  </xsl:template>

  <xsl:template match="e:covered">
    <o>
      <o k="vulnerability"><s k="name"><xsl:value-of select="../@id"/></s></o>
      <s k="timestamp"><xsl:value-of select="@approved_at"/></s>
      <a k="products"><o>
        <s k="@id"><xsl:value-of select="/e:evidence/e:subject/@name"/></s>
        <xsl:if test="starts-with(/e:evidence/e:subject/@key, 'sha256:')">
          <o k="hashes"><s k="sha-256"><xsl:value-of select="substring-after(
              /e:evidence/e:subject/@key, ':')"/></s></o>
        </xsl:if>
        <a k="subcomponents"><o><s k="@id"><xsl:value-of
            select="concat(../@package, '@', ../@version)"/></s></o></a>
      </o></a>
      <xsl:choose>
        <xsl:when test="@kind = 'false_positive' or
            @kind = 'not_applicable'">
          <s k="status">not_affected</s>
          <s k="impact_statement"><xsl:value-of select="e:why"/></s>
        </xsl:when>
        <xsl:otherwise>
          <s k="status">affected</s>
          <s k="action_statement"><xsl:value-of select="concat('accepted by ',
              @approved_by, ' until ', @until, ': ', e:why)"/></s>
        </xsl:otherwise>
      </xsl:choose>
      <s k="status_notes">
        <xsl:variable name="marking"
            select="(/e:evidence/@marking | ../@marking)[last()]"/>
        <xsl:if test="$marking"><xsl:value-of select="concat('Marking: ',
            $marking, '; ')"/></xsl:if>
        <xsl:value-of select="concat('approved by ', @approved_by, ' on ',
            @approved_at)"/></s>
    </o>
  </xsl:template>
</xsl:stylesheet>
