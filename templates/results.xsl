<?xml version="1.0"?>
<!--
  results.xsl - the verdicts of one subject as an XCCDF 1.2 TestResult, for
  xccdf.xsl and arf.xsl.  Scores follow the XCCDF specification's models.
-->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:e="urn:muster:evidence:1"
    xmlns:x="http://checklists.nist.gov/xccdf/1.2"
    xmlns="http://checklists.nist.gov/xccdf/1.2"
    exclude-result-prefixes="e x">
  <xsl:import href="details.xsl"/>
  <xsl:import href="comments.xsl"/>

  <xsl:key name="by-rule" match="e:requirement" use="@rule"/>
  <xsl:key name="value" match="x:Value" use="@id"/>

  <xsl:variable name="doc" select="/e:evidence"/>
  <xsl:variable name="subject" select="$doc/e:subject"/>
  <xsl:variable name="all" select="$doc/e:requirements/e:requirement"/>
  <!-- What scoring counts: what was decided one way or the other. -->
  <xsl:variable name="scored" select="$all[@verdict = 'pass' or
      @verdict = 'fail' or @verdict = 'error']"/>
  <!-- "xccdf_org.muster_", which all ids of the benchmark begin with. -->
  <xsl:variable name="ours"
      select="substring-before($doc/e:benchmark/@id, 'benchmark_')"/>

  <xsl:template name="test-result">
    <TestResult id="{$ours}testresult_{$subject/@slug}"
        start-time="{$doc/@as_of}" end-time="{$doc/@as_of}"
        test-system="cpe:/a:muster:muster:{$doc/@muster}"
        version="{$doc/e:benchmark/@version}">
      <benchmark href="#{$doc/e:benchmark/@id}" id="{$doc/e:benchmark/@id}"/>
      <xsl:for-each select="$doc/e:benchmark[@tailoring]">
        <tailoring-file href="urn:sha256:{@tailoring}" id="{@tailoring_id}"
            version="{@tailoring_version}" time="{@tailoring_time}"/>
      </xsl:for-each>
      <title><xsl:value-of select="concat('Assessment of ',
          $subject/@name)"/></title>
      <xsl:if test="$doc/@marking">
        <remark><xsl:value-of select="$doc/@marking"/></remark>
      </xsl:if>
      <xsl:text>&#10;</xsl:text>
      <profile>
        <xsl:attribute name="idref">
          <xsl:choose>
            <xsl:when test="$doc/e:benchmark/@profile">
              <xsl:value-of select="$doc/e:benchmark/@profile"/>
            </xsl:when>
            <xsl:when test="$subject/@kind = 'image'">
              <xsl:value-of select="concat($ours, 'profile_image')"/>
            </xsl:when>
            <xsl:otherwise>
              <xsl:value-of select="concat($ours, 'profile_deployment')"/>
            </xsl:otherwise>
          </xsl:choose>
        </xsl:attribute>
      </profile>
      <target><xsl:value-of
          select="substring($subject/@asset, 1, 255)"/></target>
      <xsl:call-template name="target-facts"/>
      <target-id-ref href="" name="asset-{$subject/@slug}"
          system="http://scap.nist.gov/schema/asset-identification/1.1"/>
      <xsl:text>&#10;</xsl:text>
      <xsl:apply-templates select="$doc/e:values/e:value" mode="result"/>
      <xsl:apply-templates select="$all" mode="result"/>
      <xsl:call-template name="scores"/>
    </TestResult>
  </xsl:template>

  <xsl:template name="target-facts">
    <target-facts>
      <fact name="urn:muster:fact:subject:kind" type="string">
        <xsl:value-of select="$subject/@kind"/>
      </fact>
      <fact name="urn:muster:fact:subject:key" type="string">
        <xsl:value-of select="$subject/@key"/>
      </fact>
      <xsl:for-each select="$subject/e:aliases/e:alias">
        <fact name="urn:muster:fact:{@kind}" type="string">
          <xsl:value-of select="@value"/>
        </fact>
      </xsl:for-each>
    </target-facts>
  </xsl:template>

  <!-- The thresholds in force. -->
  <xsl:template match="e:value" mode="result">
    <xsl:variable name="id" select="concat($ours, 'value_', @name)"/>
    <xsl:if test="key('value', $id)">
      <set-value idref="{$id}"><xsl:value-of select="e:text"/></set-value>
      <xsl:text>&#10;</xsl:text>
    </xsl:if>
  </xsl:template>

  <xsl:template match="e:requirement" mode="result">
    <rule-result idref="{@rule}" role="full" severity="{@severity}"
        time="{$doc/@as_of}" weight="{@weight}">
      <result>
        <xsl:choose>
          <xsl:when test="@verdict = 'not_applicable'">notapplicable</xsl:when>
          <xsl:when test="@verdict = 'not_reviewed'">notchecked</xsl:when>
          <xsl:otherwise><xsl:value-of select="@verdict"/></xsl:otherwise>
        </xsl:choose>
      </result>
      <!-- A waived failure is still one: old and new result are the same. -->
      <xsl:if test="@waived">
        <xsl:for-each select="e:covered[@in_force = 1 and (@kind = 'waiver' or
            @kind = 'false_positive' or @kind = 'not_applicable' or
            @kind = 'inherited')]">
          <override time="{@approved_at}" authority="{@approved_by}">
            <old-result>fail</old-result>
            <new-result>fail</new-result>
            <remark>
              <xsl:apply-templates select="." mode="sentence"/>
            </remark>
          </override>
        </xsl:for-each>
      </xsl:if>
      <ident system="http://cyber.mil/cci"><xsl:value-of
          select="@cci"/></ident>
      <message>
        <xsl:attribute name="severity">
          <xsl:choose>
            <xsl:when test="@verdict = 'fail'">error</xsl:when>
            <xsl:when test="@verdict = 'error'">error</xsl:when>
            <xsl:when test="@verdict = 'not_reviewed'">warning</xsl:when>
            <xsl:otherwise>info</xsl:otherwise>
          </xsl:choose>
        </xsl:attribute>
        <xsl:apply-templates select="." mode="details"/>
      </message>
      <check system="urn:muster:check">
        <check-content-ref href="urn:muster:checks" name="{@id}"/>
      </check>
    </rule-result>
    <xsl:text>&#10;</xsl:text>
  </xsl:template>

  <xsl:template name="scores">
    <xsl:variable name="default">
      <xsl:call-template name="score">
        <xsl:with-param name="parts"
            select="$doc/x:Benchmark/x:Group | $doc/x:Benchmark/x:Rule"/>
      </xsl:call-template>
    </xsl:variable>
    <xsl:variable name="passed" select="$scored[@verdict = 'pass']"/>
    <score system="urn:xccdf:scoring:default" maximum="100">
      <xsl:choose>
        <xsl:when test="$default = '-'">0</xsl:when>
        <xsl:otherwise><xsl:value-of
            select="format-number($default, '0.######')"/></xsl:otherwise>
      </xsl:choose>
    </score>
    <score system="urn:xccdf:scoring:flat"
        maximum="{format-number(sum($scored/@weight), '0.######')}">
      <xsl:value-of select="format-number(sum($passed/@weight), '0.######')"/>
    </score>
    <score system="urn:xccdf:scoring:flat-unweighted"
        maximum="{count($scored)}">
      <xsl:value-of select="count($passed)"/>
    </score>
  </xsl:template>

  <!--
    The default model: a rule has 100 or 0, or no part in it ("-"); a group
    has the mean of its parts that count, by weight.
  -->
  <xsl:template name="score">
    <xsl:param name="parts"/>
    <xsl:param name="at" select="1"/>
    <xsl:param name="sum" select="0"/>
    <xsl:param name="weights" select="0"/>
    <xsl:variable name="part" select="$parts[$at]"/>
    <xsl:choose>
      <xsl:when test="$part">
        <xsl:variable name="one">
          <xsl:apply-templates select="$part" mode="score"/>
        </xsl:variable>
        <xsl:variable name="weight">
          <xsl:choose>
            <xsl:when test="$one = '-'">0</xsl:when>
            <xsl:when test="$part/@weight"><xsl:value-of
                select="$part/@weight"/></xsl:when>
            <xsl:otherwise>1</xsl:otherwise>
          </xsl:choose>
        </xsl:variable>
        <xsl:call-template name="score">
          <xsl:with-param name="parts" select="$parts"/>
          <xsl:with-param name="at" select="$at + 1"/>
          <xsl:with-param name="sum"
              select="$sum + $weight * number(translate($one, '-', '0'))"/>
          <xsl:with-param name="weights" select="$weights + $weight"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$weights = 0">-</xsl:when>
      <xsl:otherwise><xsl:value-of select="$sum div $weights"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="x:Group" mode="score">
    <xsl:call-template name="score">
      <xsl:with-param name="parts" select="x:Group | x:Rule"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="x:Rule" mode="score">
    <xsl:variable name="verdict" select="key('by-rule', @id)/@verdict"/>
    <xsl:choose>
      <xsl:when test="$verdict = 'pass'">100</xsl:when>
      <xsl:when test="$verdict = 'fail' or $verdict = 'error'">0</xsl:when>
      <xsl:otherwise>-</xsl:otherwise>
    </xsl:choose>
  </xsl:template>
</xsl:stylesheet>
