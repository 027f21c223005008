<?xml version="1.0"?>
<!-- junit.xsl - a test suite for pipelines: a case for each requirement. -->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:e="urn:muster:evidence:1" exclude-result-prefixes="e">
  <xsl:import href="details.xsl"/>
  <xsl:import href="comments.xsl"/>
  <xsl:output method="xml" encoding="UTF-8"/>

  <xsl:template match="/e:evidence">
    <xsl:variable name="all" select="e:requirements/e:requirement"/>
    <testsuites>
      <xsl:text>&#10;</xsl:text>
      <testsuite name="{e:subject/@asset}" timestamp="{@as_of}"
          tests="{count($all)}" failures="{count($all[@verdict = 'fail'])}"
          errors="{count($all[@verdict = 'error'])}"
          skipped="{count($all[@verdict = 'not_applicable' or
              @verdict = 'not_reviewed'])}">
        <xsl:text>&#10;</xsl:text>
        <xsl:if test="@marking">
          <properties><property name="marking" value="{@marking}"/></properties>
          <xsl:text>&#10;</xsl:text>
        </xsl:if>
        <xsl:apply-templates select="$all"/>
      </testsuite>
      <xsl:text>&#10;</xsl:text>
    </testsuites>
    <xsl:text>&#10;</xsl:text>
  </xsl:template>

  <xsl:template match="e:requirement">
    <testcase name="{@id} {@title}" classname="{/e:evidence/e:benchmark/@id}"
        time="0">
      <xsl:choose>
        <xsl:when test="@verdict = 'fail'">
          <failure type="{@severity}">
            <xsl:attribute name="message">
              <xsl:if test="@waived">waived; </xsl:if>
              <xsl:value-of select="concat('requirement ', @id,
                  ' is not met')"/>
            </xsl:attribute>
            <xsl:apply-templates select="." mode="details"/>
          </failure>
        </xsl:when>
        <xsl:when test="@verdict = 'error'">
          <error type="error" message="the evidence cannot be read">
            <xsl:apply-templates select="." mode="details"/>
          </error>
        </xsl:when>
        <xsl:when test="@verdict != 'pass'">
          <skipped message="{translate(@verdict, '_', ' ')}"/>
        </xsl:when>
      </xsl:choose>
      <xsl:if test="e:covered[@in_force = 1]">
        <system-out>
          <xsl:apply-templates select="." mode="comments"/>
        </system-out>
      </xsl:if>
    </testcase>
    <xsl:text>&#10;</xsl:text>
  </xsl:template>
</xsl:stylesheet>
