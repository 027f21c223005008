<?xml version="1.0"?>
<!--
  arf.xsl - ARF 1.1: the subject as an asset, the benchmark as a SCAP source
  data stream, the TestResult as the report about it.
-->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:e="urn:muster:evidence:1"
    xmlns:x="http://checklists.nist.gov/xccdf/1.2"
    xmlns:arf="http://scap.nist.gov/schema/asset-reporting-format/1.1"
    xmlns:core="http://scap.nist.gov/schema/reporting-core/1.1"
    xmlns:ai="http://scap.nist.gov/schema/asset-identification/1.1"
    xmlns:ds="http://scap.nist.gov/schema/scap/source/1.2"
    xmlns:xlink="http://www.w3.org/1999/xlink"
    exclude-result-prefixes="e x ds xlink">
  <xsl:import href="results.xsl"/>
  <xsl:output method="xml" encoding="UTF-8"/>

  <xsl:variable name="vocabulary"
      select="'http://scap.nist.gov/specifications/arf/vocabulary/relationships/1.0#'"/>

  <xsl:template match="/e:evidence">
    <arf:asset-report-collection>
      <core:relationships
          xmlns:arfvocab="http://scap.nist.gov/specifications/arf/vocabulary/relationships/1.0#">
        <core:relationship type="arfvocab:createdFor" subject="report-1">
          <core:ref>request-1</core:ref>
        </core:relationship>
        <core:relationship type="arfvocab:isAbout" subject="report-1">
          <core:ref>asset-<xsl:value-of select="$subject/@slug"/></core:ref>
        </core:relationship>
      </core:relationships>
      <arf:report-requests>
        <arf:report-request id="request-1">
          <arf:content><xsl:call-template name="source"/></arf:content>
        </arf:report-request>
      </arf:report-requests>
      <arf:assets>
        <arf:asset id="asset-{$subject/@slug}">
          <xsl:call-template name="asset"/>
        </arf:asset>
      </arf:assets>
      <arf:reports>
        <arf:report id="report-1">
          <arf:content><xsl:call-template name="test-result"/></arf:content>
        </arf:report>
      </arf:reports>
    </arf:asset-report-collection>
  </xsl:template>

  <xsl:template name="source">
    <ds:data-stream-collection id="scap_org.muster_collection_cidg"
        schematron-version="1.2">
      <ds:data-stream id="scap_org.muster_datastream_cidg"
          scap-version="1.2" use-case="OTHER" timestamp="{@as_of}">
        <ds:checklists>
          <ds:component-ref id="scap_org.muster_cref_cidg"
              xlink:href="#scap_org.muster_comp_cidg"/>
        </ds:checklists>
      </ds:data-stream>
      <ds:component id="scap_org.muster_comp_cidg" timestamp="{@as_of}">
        <xsl:copy-of select="x:Benchmark"/>
      </ds:component>
    </ds:data-stream-collection>
  </xsl:template>

  <!-- A device is what tools expect; its identity is what it is known by. -->
  <xsl:template name="asset">
    <ai:computing-device>
      <ai:synthetic-id resource="urn:muster:{$subject/@kind}"
          id="{$subject/@key}"/>
      <xsl:for-each select="$subject/e:aliases/e:alias[@value !=
          $subject/@key]">
        <ai:synthetic-id resource="urn:muster:alias:{@kind}" id="{@value}"/>
      </xsl:for-each>
    </ai:computing-device>
  </xsl:template>
</xsl:stylesheet>
