<?xml version="1.0"?>
<!--
  oscal-poam.xsl - OSCAL 1.1.3 plan of action and milestones of one subject:
  an item for each requirement that fails.  Nothing fails: there is no file.
-->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:e="urn:muster:evidence:1" xmlns:m="urn:muster:functions"
    exclude-result-prefixes="e m">
  <xsl:import href="oscal.xsl"/>
  <xsl:output method="text" encoding="UTF-8"/>

  <xsl:template match="/e:evidence">
    <xsl:variable name="failed" select="$all[@verdict = 'fail']"/>
    <xsl:variable name="tree">
      <o><o k="plan-of-action-and-milestones">
        <s k="uuid">
          <xsl:call-template name="id">
            <xsl:with-param name="what" select="'poam'"/>
            <xsl:with-param name="of" select="e:benchmark/@uuid"/>
          </xsl:call-template>
        </s>
        <xsl:call-template name="metadata">
          <xsl:with-param name="title" select="concat('What ',
              $subject/@asset, ' does not meet')"/>
        </xsl:call-template>
        <o k="system-id">
          <s k="identifier-type">urn:muster:subject</s>
          <s k="id"><xsl:value-of select="$subject/@key"/></s>
        </o>
        <o k="local-definitions">
          <xsl:call-template name="components"/>
          <xsl:call-template name="assets"/>
        </o>
        <a k="observations">
          <xsl:apply-templates select="$failed" mode="observation"/>
        </a>
        <a k="risks">
          <xsl:apply-templates select="$failed" mode="risk"/>
        </a>
        <a k="poam-items">
          <xsl:apply-templates select="$failed" mode="item"/>
        </a>
      </o></o>
    </xsl:variable>
    <xsl:if test="$failed">
      <xsl:apply-templates select="m:tree($tree)/*" mode="json"/>
      <xsl:text>&#10;</xsl:text>
    </xsl:if>
  </xsl:template>

  <xsl:template match="e:requirement" mode="item">
    <xsl:variable name="plan" select="key('decision',
        e:covered[@kind = 'poam' and @in_force = 1]/@by)[1]"/>
    <o>
      <s k="uuid">
        <xsl:call-template name="id">
          <xsl:with-param name="what" select="'item'"/>
        </xsl:call-template>
      </s>
      <s k="title"><xsl:value-of select="concat(@id, ' ', @title)"/></s>
      <s k="description"><xsl:apply-templates select="."
          mode="details"/></s>
      <a k="props">
        <xsl:call-template name="prop">
          <xsl:with-param name="name" select="'requirement'"/>
          <xsl:with-param name="value" select="@id"/>
        </xsl:call-template>
        <xsl:call-template name="prop">
          <xsl:with-param name="name" select="'control'"/>
          <xsl:with-param name="value" select="@r4"/>
        </xsl:call-template>
        <xsl:call-template name="prop">
          <xsl:with-param name="name" select="'owner'"/>
          <xsl:with-param name="value" select="$plan/e:owner"/>
        </xsl:call-template>
        <xsl:call-template name="prop">
          <xsl:with-param name="name" select="'milestones'"/>
          <xsl:with-param name="value" select="$plan/e:plan"/>
        </xsl:call-template>
      </a>
      <a k="related-observations">
        <o><s k="observation-uuid">
          <xsl:call-template name="id">
            <xsl:with-param name="what" select="'observation'"/>
          </xsl:call-template>
        </s></o>
      </a>
      <a k="related-risks">
        <o><s k="risk-uuid">
          <xsl:call-template name="id">
            <xsl:with-param name="what" select="'risk'"/>
          </xsl:call-template>
        </s></o>
      </a>
    </o>
  </xsl:template>
</xsl:stylesheet>
