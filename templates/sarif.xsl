<?xml version="1.0"?>
<!--
  sarif.xsl - SARIF 2.1.0 for pipelines: a result for each requirement.  What
  an approved decision lets stand is a suppression that says by whom; the
  result stays a failure.
-->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:e="urn:muster:evidence:1" xmlns:m="urn:muster:functions"
    exclude-result-prefixes="e m">
  <xsl:import href="details.xsl"/>
  <xsl:import href="comments.xsl"/>
  <xsl:import href="tree.xsl"/>
  <xsl:output method="text" encoding="UTF-8"/>

  <xsl:variable name="doc" select="/e:evidence"/>

  <xsl:template match="/e:evidence">
    <xsl:variable name="tree">
      <o>
        <s k="$schema">https://json.schemastore.org/sarif-2.1.0.json</s>
        <s k="version">2.1.0</s>
        <a k="runs"><o>
          <o k="tool"><o k="driver">
            <s k="name">muster</s>
            <s k="version"><xsl:value-of select="@muster"/></s>
            <a k="rules">
              <xsl:apply-templates select="e:requirements/e:requirement"
                  mode="rule"/>
            </a>
          </o></o>
          <o k="automationDetails">
            <s k="id"><xsl:value-of select="concat(e:benchmark/@id, '/',
                e:subject/@slug)"/></s>
            <s k="guid"><xsl:value-of select="e:subject/@uuid"/></s>
          </o>
          <a k="results">
            <xsl:apply-templates select="e:requirements/e:requirement"
                mode="result"/>
          </a>
          <xsl:if test="@marking">
            <o k="properties"><s k="marking"><xsl:value-of
                select="@marking"/></s></o>
          </xsl:if>
        </o></a>
      </o>
    </xsl:variable>
    <xsl:apply-templates select="m:tree($tree)/*" mode="json"/>
    <xsl:text>&#10;</xsl:text>
  </xsl:template>

  <xsl:template match="e:requirement" mode="rule">
    <o>
      <s k="id"><xsl:value-of select="@rule"/></s>
      <s k="name"><xsl:value-of select="concat('Requirement', @id)"/></s>
      <o k="shortDescription"><s k="text"><xsl:value-of
          select="@title"/></s></o>
      <o k="fullDescription"><s k="text"><xsl:value-of
          select="e:discussion"/></s></o>
      <o k="help"><s k="text"><xsl:value-of select="e:fix"/></s></o>
      <o k="properties">
        <a k="tags">
          <s><xsl:value-of select="@cci"/></s>
          <s><xsl:value-of select="@r4"/></s>
          <s><xsl:value-of select="@family"/></s>
        </a>
      </o>
    </o>
  </xsl:template>

  <xsl:template match="e:requirement" mode="result">
    <o>
      <s k="ruleId"><xsl:value-of select="@rule"/></s>
      <n k="ruleIndex"><xsl:value-of select="position() - 1"/></n>
      <s k="kind">
        <xsl:choose>
          <xsl:when test="@verdict = 'pass'">pass</xsl:when>
          <xsl:when test="@verdict = 'fail'">fail</xsl:when>
          <xsl:when test="@verdict = 'not_applicable'">notApplicable</xsl:when>
          <xsl:when test="@verdict = 'not_reviewed'">review</xsl:when>
          <xsl:otherwise>open</xsl:otherwise>
        </xsl:choose>
      </s>
      <s k="level">
        <xsl:choose>
          <xsl:when test="@verdict != 'fail'">none</xsl:when>
          <xsl:when test="@severity = 'high'">error</xsl:when>
          <xsl:when test="@severity = 'low'">note</xsl:when>
          <xsl:otherwise>warning</xsl:otherwise>
        </xsl:choose>
      </s>
      <o k="message"><s k="text"><xsl:apply-templates select="."
          mode="details"/></s></o>
      <a k="locations">
        <o>
          <a k="logicalLocations">
            <o>
              <s k="fullyQualifiedName"><xsl:value-of
                  select="$doc/e:subject/@key"/></s>
              <s k="kind">resource</s>
            </o>
          </a>
        </o>
      </a>
      <o k="partialFingerprints">
        <s k="muster/v1"><xsl:value-of select="@uuid"/></s>
      </o>
      <xsl:if test="@waived">
        <a k="suppressions">
          <xsl:for-each select="e:covered[@in_force = 1 and (@kind = 'waiver'
              or @kind = 'false_positive' or @kind = 'not_applicable' or
              @kind = 'inherited')]">
            <o>
              <s k="kind">external</s>
              <s k="status">accepted</s>
              <s k="guid"><xsl:value-of select="@by"/></s>
              <s k="justification"><xsl:apply-templates select="."
                  mode="sentence"/></s>
            </o>
          </xsl:for-each>
        </a>
      </xsl:if>
    </o>
  </xsl:template>
</xsl:stylesheet>
