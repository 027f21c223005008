<?xml version="1.0"?>
<!--
  oscal.xsl - what assessment results and POA&M of OSCAL 1.1.3 share: the
  subject, an observation for each requirement, a risk for each failure.

  A finding belongs to a control's statement, not to a requirement, so
  requirements are grouped by it.  A waiver approves a deviation; the finding
  stays not satisfied, and the risk stays in the POA&M.
-->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:e="urn:muster:evidence:1" xmlns:m="urn:muster:functions"
    exclude-result-prefixes="e m">
  <xsl:import href="details.xsl"/>
  <xsl:import href="comments.xsl"/>
  <xsl:import href="tree.xsl"/>
  <xsl:output method="text" encoding="UTF-8"/>

  <xsl:key name="by-statement" match="e:requirement"
      use="m:statement(@r4)"/>
  <xsl:key name="by-control" match="e:requirement" use="m:control(@r4)"/>
  <xsl:key name="decision" match="e:decision" use="@uuid"/>

  <xsl:variable name="doc" select="/e:evidence"/>
  <xsl:variable name="subject" select="$doc/e:subject"/>
  <xsl:variable name="all" select="$doc/e:requirements/e:requirement"/>
  <xsl:variable name="ns" select="'urn:muster:oscal'"/>
  <xsl:variable name="tool" select="m:uuid('oscal tool muster')"/>
  <xsl:variable name="platform" select="m:uuid('oscal platform muster')"/>
  <xsl:variable name="item"
      select="m:uuid(concat('oscal item ', $subject/@uuid))"/>

  <!-- One more id about something that has one. -->
  <xsl:template name="id">
    <xsl:param name="what"/>
    <xsl:param name="of" select="@uuid"/>
    <xsl:value-of select="m:uuid(concat('oscal ', $what, ' ', $of, ' ',
        $subject/@uuid, ' ', $doc/@as_of))"/>
  </xsl:template>

  <xsl:template name="prop">
    <xsl:param name="name"/>
    <xsl:param name="value"/>
    <xsl:if test="normalize-space($value) != ''">
      <o>
        <s k="name"><xsl:value-of select="$name"/></s>
        <s k="ns"><xsl:value-of select="$ns"/></s>
        <s k="value"><xsl:value-of select="normalize-space($value)"/></s>
      </o>
    </xsl:if>
  </xsl:template>

  <xsl:template name="metadata">
    <xsl:param name="title"/>
    <o k="metadata">
      <s k="title"><xsl:value-of select="$title"/></s>
      <s k="last-modified"><xsl:value-of select="$doc/@as_of"/></s>
      <s k="version"><xsl:value-of select="$doc/@as_of"/></s>
      <s k="oscal-version">1.1.3</s>
      <a k="props" opt="1">
        <xsl:call-template name="prop">
          <xsl:with-param name="name" select="'marking'"/>
          <xsl:with-param name="value" select="$doc/@marking"/>
        </xsl:call-template>
      </a>
    </o>
  </xsl:template>

  <xsl:template name="components">
    <a k="components">
      <o>
        <s k="uuid"><xsl:value-of select="$subject/@uuid"/></s>
        <s k="type">
          <xsl:choose>
            <xsl:when test="$subject/@kind = 'image'">software</xsl:when>
            <xsl:otherwise>service</xsl:otherwise>
          </xsl:choose>
        </s>
        <s k="title"><xsl:value-of select="$subject/@asset"/></s>
        <s k="description"><xsl:value-of select="concat($subject/@kind, ' ',
            $subject/@key)"/></s>
        <a k="props">
          <xsl:call-template name="prop">
            <xsl:with-param name="name" select="'subject-kind'"/>
            <xsl:with-param name="value" select="$subject/@kind"/>
          </xsl:call-template>
          <xsl:for-each select="$subject/e:aliases/e:alias">
            <xsl:call-template name="prop">
              <xsl:with-param name="name" select="concat('alias-', @kind)"/>
              <xsl:with-param name="value" select="@value"/>
            </xsl:call-template>
          </xsl:for-each>
        </a>
        <o k="status"><s k="state">operational</s></o>
      </o>
    </a>
    <a k="inventory-items">
      <o>
        <s k="uuid"><xsl:value-of select="$item"/></s>
        <s k="description"><xsl:value-of select="$subject/@asset"/></s>
        <a k="implemented-components">
          <o><s k="component-uuid"><xsl:value-of
              select="$subject/@uuid"/></s></o>
        </a>
      </o>
    </a>
  </xsl:template>

  <xsl:template name="assets">
    <o k="assessment-assets">
      <a k="components">
        <o>
          <s k="uuid"><xsl:value-of select="$tool"/></s>
          <s k="type">software</s>
          <s k="title">muster</s>
          <s k="description"><xsl:value-of select="concat('muster ',
              $doc/@muster)"/></s>
          <o k="status"><s k="state">operational</s></o>
        </o>
      </a>
      <a k="assessment-platforms">
        <o>
          <s k="uuid"><xsl:value-of select="$platform"/></s>
          <s k="title">muster</s>
          <a k="uses-components">
            <o><s k="component-uuid"><xsl:value-of select="$tool"/></s></o>
          </a>
        </o>
      </a>
    </o>
  </xsl:template>

  <xsl:template match="e:requirement" mode="observation">
    <o>
      <s k="uuid">
        <xsl:call-template name="id">
          <xsl:with-param name="what" select="'observation'"/>
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
          <xsl:with-param name="name" select="'verdict'"/>
          <xsl:with-param name="value" select="@verdict"/>
        </xsl:call-template>
        <xsl:call-template name="prop">
          <xsl:with-param name="name" select="'cci'"/>
          <xsl:with-param name="value" select="@cci"/>
        </xsl:call-template>
        <xsl:call-template name="prop">
          <xsl:with-param name="name" select="'marking'"/>
          <xsl:with-param name="value" select="@marking"/>
        </xsl:call-template>
        <xsl:if test="@waived">
          <xsl:call-template name="prop">
            <xsl:with-param name="name" select="'waived'"/>
            <xsl:with-param name="value" select="'true'"/>
          </xsl:call-template>
        </xsl:if>
      </a>
      <a k="methods"><s>TEST</s></a>
      <a k="types"><s>finding</s></a>
      <a k="subjects">
        <o>
          <s k="subject-uuid"><xsl:value-of select="$item"/></s>
          <s k="type">inventory-item</s>
        </o>
      </a>
      <a k="relevant-evidence" opt="1">
        <xsl:apply-templates mode="evidence"
            select="e:reason[@sha256][position() &lt;= $quoted]"/>
      </a>
      <s k="collected"><xsl:value-of select="$doc/@as_of"/></s>
    </o>
  </xsl:template>

  <xsl:template match="e:reason" mode="evidence">
    <o>
      <s k="href"><xsl:value-of select="concat('evidence/', @sha256)"/></s>
      <s k="description"><xsl:value-of select="concat(@artifact, ', ',
          @locator)"/></s>
    </o>
  </xsl:template>

  <!-- Of a failure. -->
  <xsl:template match="e:requirement" mode="risk">
    <xsl:variable name="now" select="e:covered[@in_force = 1 and
        @kind != 'comment' and @kind != 'attestation']"/>
    <xsl:variable name="asked" select="e:covered[@state = 'proposed' or
        @state = 'reviewed'][@kind != 'comment' and @kind != 'attestation']"/>
    <o>
      <s k="uuid">
        <xsl:call-template name="id">
          <xsl:with-param name="what" select="'risk'"/>
        </xsl:call-template>
      </s>
      <s k="title"><xsl:value-of select="concat(@id, ' ', @title)"/></s>
      <s k="description"><xsl:value-of select="concat(@title,
          ': not met by ', $subject/@asset)"/></s>
      <s k="statement"><xsl:apply-templates select="." mode="details"/></s>
      <a k="props" opt="1">
        <xsl:if test="$now[@kind = 'waiver' or @kind = 'inherited']">
          <o><s k="name">accepted</s><s k="value">true</s></o>
        </xsl:if>
        <xsl:if test="$now[@kind = 'false_positive']">
          <o><s k="name">false-positive</s><s k="value">true</s></o>
        </xsl:if>
        <xsl:if test="$now[@kind = 'risk_adjustment']">
          <o><s k="name">risk-adjusted</s><s k="value">true</s></o>
        </xsl:if>
      </a>
      <s k="status">
        <xsl:choose>
          <xsl:when test="@waived">deviation-approved</xsl:when>
          <xsl:when test="$asked">deviation-requested</xsl:when>
          <xsl:when test="$now[@kind = 'poam']">remediating</xsl:when>
          <xsl:otherwise>open</xsl:otherwise>
        </xsl:choose>
      </s>
      <a k="characterizations">
        <o>
          <o k="origin">
            <a k="actors">
              <o>
                <s k="type">tool</s>
                <s k="actor-uuid"><xsl:value-of select="$tool"/></s>
              </o>
            </a>
          </o>
          <a k="facets">
            <o>
              <s k="name">severity</s>
              <s k="system">http://csrc.nist.gov/ns/oscal</s>
              <s k="value"><xsl:value-of select="@severity"/></s>
            </o>
          </a>
        </o>
      </a>
      <s k="deadline" opt="1"><xsl:value-of
          select="$now[@until][1]/@until"/></s>
      <a k="remediations">
        <o>
          <s k="uuid">
            <xsl:call-template name="id">
              <xsl:with-param name="what" select="'remediation'"/>
            </xsl:call-template>
          </s>
          <s k="lifecycle">recommendation</s>
          <s k="title"><xsl:value-of select="concat('Meet requirement ',
              @id)"/></s>
          <s k="description"><xsl:value-of select="e:fix"/></s>
        </o>
      </a>
      <o k="risk-log" opt="1">
        <xsl:variable name="events" select="key('decision',
            e:covered[@kind != 'comment']/@by)/e:event"/>
        <xsl:if test="$events">
          <a k="entries">
            <xsl:apply-templates select="$events">
              <xsl:with-param name="of" select="@uuid"/>
            </xsl:apply-templates>
          </a>
        </xsl:if>
      </o>
      <a k="related-observations">
        <o>
          <s k="observation-uuid">
            <xsl:call-template name="id">
              <xsl:with-param name="what" select="'observation'"/>
            </xsl:call-template>
          </s>
        </o>
      </a>
    </o>
  </xsl:template>

  <xsl:template match="e:event">
    <xsl:param name="of"/>
    <o>
      <s k="uuid"><xsl:value-of select="m:uuid(concat('oscal log ', $of, ' ',
          ../@uuid, ' ', @kind, ' ', @at, ' ', position()))"/></s>
      <s k="title"><xsl:value-of select="concat(../@kind, ': ', @kind,
          ' by ', @by)"/></s>
      <xsl:choose>
        <xsl:when test="e:text != ''">
          <s k="description"><xsl:value-of select="e:text"/></s>
        </xsl:when>
        <xsl:when test="@kind = 'propose'">
          <s k="description" opt="1"><xsl:value-of select="../e:why"/></s>
        </xsl:when>
      </xsl:choose>
      <s k="start"><xsl:value-of select="@at"/></s>
      <xsl:if test="@kind = 'approve' and ../@until">
        <s k="end"><xsl:value-of select="../@until"/></s>
      </xsl:if>
      <xsl:choose>
        <xsl:when test="@kind = 'propose'">
          <s k="status-change">deviation-requested</s>
        </xsl:when>
        <xsl:when test="@kind = 'approve'">
          <s k="status-change">deviation-approved</s>
        </xsl:when>
        <xsl:when test="@kind = 'reject' or @kind = 'revoke'">
          <s k="status-change">open</s>
        </xsl:when>
      </xsl:choose>
    </o>
  </xsl:template>
</xsl:stylesheet>
