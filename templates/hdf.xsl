<?xml version="1.0"?>
<!--
  hdf.xsl - Heimdall Data Format: one profile, a control for each requirement.

  Heimdall computes a control's status from impact and results: impact 0 is
  not applicable, skipped above 0 not reviewed.  A waiver does not skip it.
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
        <o k="platform">
          <s k="name">muster</s>
          <s k="release"><xsl:value-of select="@muster"/></s>
          <s k="target_id"><xsl:value-of select="e:subject/@asset"/></s>
        </o>
        <s k="version"><xsl:value-of select="@muster"/></s>
        <o k="statistics"/>
        <a k="profiles">
          <o>
            <s k="name"><xsl:value-of select="e:benchmark/@id"/></s>
            <s k="version"><xsl:value-of select="e:benchmark/@version"/></s>
            <s k="title"><xsl:value-of select="e:benchmark/@title"/></s>
            <s k="summary"><xsl:value-of select="e:benchmark/@release"/></s>
            <s k="sha256"><xsl:value-of select="e:benchmark/@sha256"/></s>
            <s k="status">loaded</s>
            <s k="marking" opt="1"><xsl:value-of select="@marking"/></s>
            <a k="supports"/>
            <a k="attributes"/>
            <a k="groups"/>
            <a k="controls">
              <xsl:apply-templates select="e:requirements/e:requirement"/>
            </a>
          </o>
        </a>
      </o>
    </xsl:variable>
    <xsl:apply-templates select="m:tree($tree)/*" mode="json"/>
    <xsl:text>&#10;</xsl:text>
  </xsl:template>

  <xsl:template match="e:requirement">
    <o>
      <s k="id"><xsl:value-of select="@rule"/></s>
      <s k="title"><xsl:value-of select="@title"/></s>
      <s k="desc"><xsl:value-of select="e:discussion"/></s>
      <a k="descriptions">
        <o><s k="label">check</s><s k="data"><xsl:value-of
            select="e:check"/></s></o>
        <o><s k="label">fix</s><s k="data"><xsl:value-of
            select="e:fix"/></s></o>
        <xsl:if test="e:covered[@in_force = 1]">
          <o><s k="label">comments</s><s k="data"><xsl:apply-templates
              select="." mode="comments"/></s></o>
        </xsl:if>
      </a>
      <n k="impact">
        <xsl:choose>
          <xsl:when test="@verdict = 'not_applicable'">0.0</xsl:when>
          <xsl:when test="@severity = 'low'">0.3</xsl:when>
          <xsl:when test="@severity = 'high'">0.7</xsl:when>
          <xsl:otherwise>0.5</xsl:otherwise>
        </xsl:choose>
      </n>
      <a k="refs"/>
      <o k="tags">
        <a k="cci"><s><xsl:value-of select="@cci"/></s></a>
        <a k="nist"><s><xsl:value-of select="@r4"/></s><s>Rev_4</s></a>
        <s k="gid"><xsl:value-of select="@group"/></s>
        <s k="rid"><xsl:value-of select="@rule"/></s>
        <s k="stig_id"><xsl:value-of
            select="substring-after(@rule, '_rule_')"/></s>
        <s k="gtitle"><xsl:value-of select="concat('Requirement ',
            @id)"/></s>
        <s k="severity"><xsl:value-of select="@severity"/></s>
        <s k="marking" opt="1"><xsl:value-of select="@marking"/></s>
        <s k="severityoverride" opt="1"><xsl:apply-templates select="."
            mode="severity"/></s>
        <s k="severityjustification" opt="1"><xsl:apply-templates select="."
            mode="severity-why"/></s>
      </o>
      <s k="code"/>
      <o k="source_location"/>
      <a k="results">
        <o>
          <s k="status">
            <xsl:choose>
              <xsl:when test="@verdict = 'pass'">passed</xsl:when>
              <xsl:when test="@verdict = 'fail'">failed</xsl:when>
              <xsl:when test="@verdict = 'error'">error</xsl:when>
              <xsl:otherwise>skipped</xsl:otherwise>
            </xsl:choose>
          </s>
          <s k="code_desc"><xsl:value-of select="concat('Requirement ', @id,
              ' for ', $doc/e:subject/@asset)"/></s>
          <s k="start_time"><xsl:value-of select="$doc/@as_of"/></s>
          <xsl:choose>
            <xsl:when test="@verdict = 'not_applicable' or
                @verdict = 'not_reviewed'">
              <s k="skip_message"><xsl:apply-templates select="."
                  mode="details"/></s>
            </xsl:when>
            <xsl:otherwise>
              <s k="message"><xsl:apply-templates select="."
                  mode="details"/></s>
            </xsl:otherwise>
          </xsl:choose>
        </o>
      </a>
      <xsl:if test="@waived">
        <xsl:apply-templates mode="waiver" select="e:covered[@in_force = 1 and
            (@kind = 'waiver' or @kind = 'false_positive' or
            @kind = 'not_applicable' or @kind = 'inherited')][1]"/>
      </xsl:if>
      <xsl:apply-templates mode="attestation" select="e:covered[@in_force = 1
          and @kind = 'attestation' and @verdict != 'not_applicable'][1]"/>
    </o>
  </xsl:template>

  <xsl:template match="e:covered" mode="waiver">
    <o k="waiver_data">
      <s k="expiration_date" opt="1"><xsl:value-of select="@until"/></s>
      <s k="justification"><xsl:value-of select="e:why"/></s>
      <n k="run">true</n>
      <n k="skipped_due_to_waiver">false</n>
      <s k="message"><xsl:apply-templates select="." mode="sentence"/></s>
    </o>
  </xsl:template>

  <xsl:template match="e:covered" mode="attestation">
    <o k="attestation_data">
      <s k="control_id"><xsl:value-of select="../@rule"/></s>
      <s k="explanation"><xsl:value-of select="e:why"/></s>
      <s k="frequency"><xsl:value-of select="concat('until ', @until)"/></s>
      <s k="status"><xsl:value-of select="concat(@verdict,
          substring('edXed', 1 + 3 * (@verdict = 'pass'), 2))"/></s>
      <s k="updated"><xsl:value-of select="@approved_at"/></s>
      <s k="updated_by"><xsl:value-of select="@approved_by"/></s>
    </o>
  </xsl:template>
</xsl:stylesheet>
