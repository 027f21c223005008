<?xml version="1.0"?>
<!-- xccdf.xsl - the benchmark, as it is, with one TestResult at its end. -->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:e="urn:muster:evidence:1"
    xmlns:x="http://checklists.nist.gov/xccdf/1.2"
    exclude-result-prefixes="e x">
  <xsl:import href="results.xsl"/>
  <xsl:output method="xml" encoding="UTF-8"/>

  <xsl:template match="/e:evidence">
    <xsl:apply-templates select="x:Benchmark"/>
  </xsl:template>

  <xsl:template match="x:Benchmark">
    <xsl:copy>
      <xsl:copy-of select="@* | node()"/>
      <xsl:call-template name="test-result"/>
      <xsl:text>&#10;</xsl:text>
    </xsl:copy>
  </xsl:template>
</xsl:stylesheet>
