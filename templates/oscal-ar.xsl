<?xml version="1.0"?>
<!-- oscal-ar.xsl - OSCAL 1.1.3 assessment results of one subject. -->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:e="urn:muster:evidence:1" xmlns:m="urn:muster:functions"
    exclude-result-prefixes="e m">
  <xsl:import href="oscal.xsl"/>
  <xsl:output method="text" encoding="UTF-8"/>

  <!-- Each result has its own, so that many can be in one document. -->
  <xsl:variable name="tool" select="m:uuid(concat('oscal tool muster ',
      $subject/@uuid))"/>
  <xsl:variable name="platform" select="m:uuid(concat(
      'oscal platform muster ', $subject/@uuid))"/>

  <xsl:template match="/e:evidence">
    <xsl:variable name="plan" select="m:uuid(concat('oscal plan ',
        e:benchmark/@uuid))"/>
    <xsl:variable name="failed" select="$all[@verdict = 'fail']"/>
    <xsl:variable name="tree">
      <o><o k="assessment-results">
        <s k="uuid">
          <xsl:call-template name="id">
            <xsl:with-param name="what" select="'results'"/>
            <xsl:with-param name="of" select="e:benchmark/@uuid"/>
          </xsl:call-template>
        </s>
        <xsl:call-template name="metadata">
          <xsl:with-param name="title" select="concat('Assessment of ',
              $subject/@asset)"/>
        </xsl:call-template>
        <o k="import-ap"><s k="href"><xsl:value-of
            select="concat('#', $plan)"/></s></o>
        <a k="results"><o>
          <s k="uuid">
            <xsl:call-template name="id">
              <xsl:with-param name="what" select="'result'"/>
              <xsl:with-param name="of" select="e:benchmark/@uuid"/>
            </xsl:call-template>
          </s>
          <s k="title"><xsl:value-of select="e:benchmark/@title"/></s>
          <s k="description"><xsl:value-of select="concat(count($all),
              ' requirements of ', e:benchmark/@title, ', ',
              e:benchmark/@release)"/></s>
          <s k="start"><xsl:value-of select="@as_of"/></s>
          <s k="end"><xsl:value-of select="@as_of"/></s>
          <o k="local-definitions">
            <xsl:call-template name="components"/>
            <xsl:call-template name="assets"/>
          </o>
          <o k="reviewed-controls"><a k="control-selections"><o>
            <a k="include-controls">
              <xsl:for-each select="$all[generate-id() =
                  generate-id(key('by-control', m:control(@r4))[1])]">
                <xsl:sort select="m:control(@r4)"/>
                <o><s k="control-id"><xsl:value-of
                    select="m:control(@r4)"/></s></o>
              </xsl:for-each>
            </a>
          </o></a></o>
          <a k="observations">
            <xsl:apply-templates select="$all" mode="observation"/>
          </a>
          <a k="risks" opt="1">
            <xsl:apply-templates select="$failed" mode="risk"/>
          </a>
          <a k="findings">
            <xsl:for-each select="$all[generate-id() =
                generate-id(key('by-statement', m:statement(@r4))[1])]">
              <xsl:sort select="m:statement(@r4)"/>
              <xsl:call-template name="finding"/>
            </xsl:for-each>
          </a>
        </o></a>
        <o k="back-matter"><a k="resources"><o>
          <s k="uuid"><xsl:value-of select="$plan"/></s>
          <s k="title">There is no assessment plan: the benchmark says what
was assessed</s>
          <s k="description"><xsl:value-of select="concat(e:benchmark/@id,
              ', sha256 ', e:benchmark/@sha256)"/></s>
        </o></a></o>
      </o></o>
    </xsl:variable>
    <xsl:apply-templates select="m:tree($tree)/*" mode="json"/>
    <xsl:text>&#10;</xsl:text>
  </xsl:template>

  <!-- Of a control's statement: satisfied when all that speak to it are. -->
  <xsl:template name="finding">
    <xsl:variable name="statement" select="m:statement(@r4)"/>
    <xsl:variable name="its" select="key('by-statement', $statement)"/>
    <xsl:variable name="failed" select="$its[@verdict = 'fail']"/>
    <xsl:variable name="open" select="$its[@verdict = 'not_reviewed' or
        @verdict = 'error']"/>
    <o>
      <s k="uuid">
        <xsl:call-template name="id">
          <xsl:with-param name="what" select="'finding'"/>
          <xsl:with-param name="of" select="$statement"/>
        </xsl:call-template>
      </s>
      <s k="title"><xsl:value-of select="@r4"/></s>
      <s k="description">
        <xsl:for-each select="$its">
          <xsl:if test="position() != 1">; </xsl:if>
          <xsl:value-of select="concat(@id, ' ', @verdict)"/>
          <xsl:if test="@waived">, waived</xsl:if>
        </xsl:for-each>
      </s>
      <o k="target">
        <s k="type">statement-id</s>
        <s k="target-id"><xsl:value-of select="$statement"/></s>
        <o k="status">
          <xsl:choose>
            <xsl:when test="$failed">
              <s k="state">not-satisfied</s><s k="reason">fail</s>
            </xsl:when>
            <xsl:when test="$open">
              <s k="state">not-satisfied</s><s k="reason">other</s>
            </xsl:when>
            <xsl:when test="$its[@verdict = 'pass']">
              <s k="state">satisfied</s><s k="reason">pass</s>
            </xsl:when>
            <xsl:otherwise>
              <s k="state">satisfied</s><s k="reason">other</s>
            </xsl:otherwise>
          </xsl:choose>
        </o>
      </o>
      <a k="related-observations">
        <xsl:for-each select="$its">
          <o><s k="observation-uuid">
            <xsl:call-template name="id">
              <xsl:with-param name="what" select="'observation'"/>
            </xsl:call-template>
          </s></o>
        </xsl:for-each>
      </a>
      <a k="related-risks" opt="1">
        <xsl:for-each select="$failed">
          <o><s k="risk-uuid">
            <xsl:call-template name="id">
              <xsl:with-param name="what" select="'risk'"/>
            </xsl:call-template>
          </s></o>
        </xsl:for-each>
      </a>
    </o>
  </xsl:template>
</xsl:stylesheet>
