<?xml version="1.0"?>
<!--
  emass.xsl - container scan results as eMASS's API takes them, one file a
  subject.  What its limits cut ends with an ellipsis.
-->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:e="urn:muster:evidence:1" xmlns:m="urn:muster:functions"
    exclude-result-prefixes="e m">
  <xsl:import href="details.xsl"/>
  <xsl:import href="comments.xsl"/>
  <xsl:import href="tree.xsl"/>
  <xsl:output method="text" encoding="UTF-8"/>

  <xsl:template name="cut">
    <xsl:param name="text"/>
    <xsl:param name="max"/>
    <xsl:call-template name="clip">
      <xsl:with-param name="text" select="$text"/>
      <xsl:with-param name="max" select="$max - 1"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="/e:evidence">
    <xsl:variable name="now" select="m:seconds(@as_of)"/>
    <xsl:variable name="tree">
      <a><o>
        <s k="containerId">
          <xsl:call-template name="cut">
            <xsl:with-param name="text" select="e:subject/@key"/>
            <xsl:with-param name="max" select="500"/>
          </xsl:call-template>
        </s>
        <s k="containerName">
          <xsl:call-template name="cut">
            <xsl:with-param name="text" select="e:subject/@asset"/>
            <xsl:with-param name="max" select="500"/>
          </xsl:call-template>
        </s>
        <n k="time"><xsl:value-of select="$now"/></n>
        <o k="tags">
          <s k="kind"><xsl:value-of select="e:subject/@kind"/></s>
          <s k="marking" opt="1"><xsl:value-of select="@marking"/></s>
        </o>
        <a k="benchmarks"><o>
          <s k="benchmark">
            <xsl:call-template name="cut">
              <xsl:with-param name="text" select="e:benchmark/@id"/>
              <xsl:with-param name="max" select="100"/>
            </xsl:call-template>
          </s>
          <n k="isBaseline">true</n>
          <n k="version"><xsl:value-of select="e:benchmark/@version"/></n>
          <n k="release">0</n>
          <a k="results">
            <xsl:for-each select="e:requirements/e:requirement">
              <o>
                <s k="ruleId"><xsl:value-of select="@rule"/></s>
                <s k="status">
                  <xsl:choose>
                    <xsl:when test="@verdict = 'pass'">Pass</xsl:when>
                    <xsl:when test="@verdict = 'fail'">Fail</xsl:when>
                    <xsl:when test="@verdict =
                        'not_applicable'">Not Applicable</xsl:when>
                    <xsl:when test="@verdict =
                        'not_reviewed'">Not Reviewed</xsl:when>
                    <xsl:otherwise>Other</xsl:otherwise>
                  </xsl:choose>
                </s>
                <n k="lastSeen"><xsl:value-of select="$now"/></n>
                <xsl:variable name="message">
                  <xsl:if test="e:covered[@in_force = 1]">
                    <xsl:apply-templates select="." mode="comments"/>
                    <xsl:text>&#10;</xsl:text>
                  </xsl:if>
                  <xsl:apply-templates select="." mode="details"/>
                </xsl:variable>
                <s k="message">
                  <xsl:call-template name="cut">
                    <xsl:with-param name="text" select="$message"/>
                    <xsl:with-param name="max" select="1000"/>
                  </xsl:call-template>
                </s>
              </o>
            </xsl:for-each>
          </a>
        </o></a>
      </o></a>
    </xsl:variable>
    <xsl:apply-templates select="m:tree($tree)/*" mode="json"/>
    <xsl:text>&#10;</xsl:text>
  </xsl:template>
</xsl:stylesheet>
