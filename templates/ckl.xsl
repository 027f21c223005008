<?xml version="1.0"?>
<!--
  ckl.xsl - a checklist as STIG Viewer 2.17 writes it: DISA's XSD 2.5, its
  order of attributes, tabs.
-->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:e="urn:muster:evidence:1" exclude-result-prefixes="e">
  <xsl:import href="details.xsl"/>
  <xsl:import href="comments.xsl"/>
  <xsl:import href="cells.xsl"/>
  <xsl:output method="xml" encoding="UTF-8"/>

  <xsl:variable name="b" select="/e:evidence/e:benchmark"/>
  <xsl:variable name="ref" select="concat($b/@title, ' :: Version ',
      $b/@version, ', ', $b/@release)"/>

  <!-- What is the same of every rule, and of every rule of the STIG: made once,
  there may be thousands. -->
  <xsl:variable name="always">
    <xsl:call-template name="data">
      <xsl:with-param name="name" select="'False_Positives'"/>
    </xsl:call-template>
    <xsl:call-template name="data">
      <xsl:with-param name="name" select="'False_Negatives'"/>
    </xsl:call-template>
    <xsl:call-template name="data">
      <xsl:with-param name="name" select="'Documentable'"/>
      <xsl:with-param name="text" select="'false'"/>
    </xsl:call-template>
    <xsl:call-template name="data">
      <xsl:with-param name="name" select="'Mitigations'"/>
    </xsl:call-template>
    <xsl:call-template name="data">
      <xsl:with-param name="name" select="'Potential_Impact'"/>
    </xsl:call-template>
    <xsl:call-template name="data">
      <xsl:with-param name="name" select="'Third_Party_Tools'"/>
    </xsl:call-template>
    <xsl:call-template name="data">
      <xsl:with-param name="name" select="'Mitigation_Control'"/>
    </xsl:call-template>
    <xsl:call-template name="data">
      <xsl:with-param name="name" select="'Responsibility'"/>
    </xsl:call-template>
    <xsl:call-template name="data">
      <xsl:with-param name="name" select="'Security_Override_Guidance'"/>
    </xsl:call-template>
    <xsl:call-template name="data">
      <xsl:with-param name="name" select="'Check_Content_Ref'"/>
      <xsl:with-param name="text" select="'M'"/>
    </xsl:call-template>
  </xsl:variable>
  <xsl:variable name="of-guide">
    <xsl:call-template name="data">
      <xsl:with-param name="name" select="'STIGRef'"/>
      <xsl:with-param name="text" select="$ref"/>
    </xsl:call-template>
    <xsl:call-template name="data">
      <xsl:with-param name="name" select="'TargetKey'"/>
      <xsl:with-param name="text" select="'0'"/>
    </xsl:call-template>
    <xsl:call-template name="data">
      <xsl:with-param name="name" select="'STIG_UUID'"/>
      <xsl:with-param name="text" select="$b/@uuid"/>
    </xsl:call-template>
    <xsl:call-template name="data">
      <xsl:with-param name="name" select="'LEGACY_ID'"/>
    </xsl:call-template>
    <xsl:call-template name="data">
      <xsl:with-param name="name" select="'LEGACY_ID'"/>
    </xsl:call-template>
  </xsl:variable>
  <xsl:variable name="of-stig">
    <xsl:call-template name="data">
      <xsl:with-param name="name" select="'STIGRef'"/>
      <xsl:with-param name="text" select="$stig-ref"/>
    </xsl:call-template>
    <xsl:call-template name="data">
      <xsl:with-param name="name" select="'TargetKey'"/>
      <xsl:with-param name="text" select="'0'"/>
    </xsl:call-template>
    <xsl:call-template name="data">
      <xsl:with-param name="name" select="'STIG_UUID'"/>
      <xsl:with-param name="text" select="$stig-uuid"/>
    </xsl:call-template>
    <xsl:call-template name="data">
      <xsl:with-param name="name" select="'LEGACY_ID'"/>
    </xsl:call-template>
    <xsl:call-template name="data">
      <xsl:with-param name="name" select="'LEGACY_ID'"/>
    </xsl:call-template>
  </xsl:variable>

  <!-- A line: so many tabs, an element, its text. -->
  <xsl:template name="line">
    <xsl:param name="tabs"/>
    <xsl:param name="name"/>
    <xsl:param name="text"/>
    <xsl:value-of select="concat('&#10;', $tabs)"/>
    <xsl:element name="{$name}"><xsl:value-of select="$text"/></xsl:element>
  </xsl:template>

  <xsl:template match="/e:evidence">
    <xsl:comment>DISA STIG Viewer :: 2.17</xsl:comment>
    <xsl:text>&#10;</xsl:text>
    <CHECKLIST>
      <xsl:text>&#10;&#9;</xsl:text>
      <xsl:apply-templates select="e:subject"/>
      <xsl:text>&#10;&#9;</xsl:text>
      <STIGS>
        <xsl:text>&#10;&#9;&#9;</xsl:text>
        <iSTIG>
          <xsl:text>&#10;&#9;&#9;&#9;</xsl:text>
          <xsl:call-template name="info"/>
          <xsl:apply-templates select="e:requirements/e:requirement"/>
          <xsl:text>&#10;&#9;&#9;</xsl:text>
        </iSTIG>
        <xsl:processing-instruction name="stigs"/>
        <xsl:text>&#10;&#9;</xsl:text>
      </STIGS>
      <xsl:text>&#10;</xsl:text>
    </CHECKLIST>
    <xsl:text>&#10;</xsl:text>
  </xsl:template>

  <!-- A piece of another STIG, with marks around what opens it, its rules and
  what closes it (src/render/checklist.c). -->
  <xsl:template match="/e:evidence[@kind = 'list']">
    <piece>
      <xsl:processing-instruction name="stigs"/>
      <xsl:text>&#10;&#9;&#9;</xsl:text>
      <iSTIG>
        <xsl:text>&#10;&#9;&#9;&#9;</xsl:text>
        <xsl:apply-templates select="e:part/e:stig/e:info"/>
        <xsl:processing-instruction name="stigs"/>
        <xsl:apply-templates select="e:part/e:cell"/>
        <xsl:processing-instruction name="stigs"/>
        <xsl:text>&#10;&#9;&#9;</xsl:text>
      </iSTIG>
      <xsl:processing-instruction name="stigs"/>
    </piece>
  </xsl:template>

  <xsl:template name="asset">
    <xsl:param name="name"/>
    <xsl:param name="text"/>
    <xsl:call-template name="line">
      <xsl:with-param name="tabs" select="'&#9;&#9;'"/>
      <xsl:with-param name="name" select="$name"/>
      <xsl:with-param name="text" select="$text"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="e:subject">
    <ASSET>
      <xsl:call-template name="asset">
        <xsl:with-param name="name" select="'ROLE'"/>
        <xsl:with-param name="text" select="'None'"/>
      </xsl:call-template>
      <xsl:call-template name="asset">
        <xsl:with-param name="name" select="'ASSET_TYPE'"/>
        <xsl:with-param name="text" select="'Computing'"/>
      </xsl:call-template>
      <xsl:if test="/e:evidence/@marking">
        <xsl:call-template name="asset">
          <xsl:with-param name="name" select="'MARKING'"/>
          <xsl:with-param name="text" select="/e:evidence/@marking"/>
        </xsl:call-template>
      </xsl:if>
      <xsl:call-template name="asset">
        <xsl:with-param name="name" select="'HOST_NAME'"/>
        <xsl:with-param name="text" select="substring(@asset, 1, 255)"/>
      </xsl:call-template>
      <xsl:call-template name="asset">
        <xsl:with-param name="name" select="'HOST_IP'"/>
      </xsl:call-template>
      <xsl:call-template name="asset">
        <xsl:with-param name="name" select="'HOST_MAC'"/>
      </xsl:call-template>
      <xsl:call-template name="asset">
        <xsl:with-param name="name" select="'HOST_FQDN'"/>
      </xsl:call-template>
      <xsl:call-template name="asset">
        <xsl:with-param name="name" select="'TARGET_COMMENT'"/>
        <xsl:with-param name="text" select="concat(@kind, ' ', @key)"/>
      </xsl:call-template>
      <xsl:call-template name="asset">
        <xsl:with-param name="name" select="'TECH_AREA'"/>
        <xsl:with-param name="text" select="'Other Review'"/>
      </xsl:call-template>
      <xsl:call-template name="asset">
        <xsl:with-param name="name" select="'TARGET_KEY'"/>
        <xsl:with-param name="text" select="'0'"/>
      </xsl:call-template>
      <xsl:call-template name="asset">
        <xsl:with-param name="name" select="'WEB_OR_DATABASE'"/>
        <xsl:with-param name="text" select="'false'"/>
      </xsl:call-template>
      <xsl:call-template name="asset">
        <xsl:with-param name="name" select="'WEB_DB_SITE'"/>
      </xsl:call-template>
      <xsl:call-template name="asset">
        <xsl:with-param name="name" select="'WEB_DB_INSTANCE'"/>
      </xsl:call-template>
      <xsl:text>&#10;&#9;</xsl:text>
    </ASSET>
  </xsl:template>

  <xsl:template name="si">
    <xsl:param name="name"/>
    <xsl:param name="text"/>
    <xsl:text>&#10;&#9;&#9;&#9;&#9;</xsl:text>
    <SI_DATA>
      <xsl:call-template name="line">
        <xsl:with-param name="tabs" select="'&#9;&#9;&#9;&#9;&#9;'"/>
        <xsl:with-param name="name" select="'SID_NAME'"/>
        <xsl:with-param name="text" select="$name"/>
      </xsl:call-template>
      <xsl:if test="$text != ''">
        <xsl:call-template name="line">
          <xsl:with-param name="tabs" select="'&#9;&#9;&#9;&#9;&#9;'"/>
          <xsl:with-param name="name" select="'SID_DATA'"/>
          <xsl:with-param name="text" select="$text"/>
        </xsl:call-template>
      </xsl:if>
      <xsl:text>&#10;&#9;&#9;&#9;&#9;</xsl:text>
    </SI_DATA>
  </xsl:template>

  <!-- stigid is the benchmark's whole id: what STIG Manager makes of XCCDF. -->
  <xsl:template name="info">
    <xsl:call-template name="stig-info">
      <xsl:with-param name="version" select="$b/@version"/>
      <xsl:with-param name="id" select="$b/@id"/>
      <xsl:with-param name="description" select="'Derived from the guide; not a STIG and not published by DISA.'"/>
      <xsl:with-param name="release" select="$b/@release"/>
      <xsl:with-param name="title" select="$b/@title"/>
      <xsl:with-param name="uuid" select="$b/@uuid"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="e:info">
    <xsl:call-template name="stig-info">
      <xsl:with-param name="version" select="@version"/>
      <xsl:with-param name="id" select="@id"/>
      <xsl:with-param name="description" select="'Results of others, put together by muster.'"/>
      <xsl:with-param name="release" select="@release"/>
      <xsl:with-param name="title" select="$stig-title"/>
      <xsl:with-param name="uuid" select="$stig-uuid"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template name="stig-info">
    <xsl:param name="version"/>
    <xsl:param name="id"/>
    <xsl:param name="description"/>
    <xsl:param name="release"/>
    <xsl:param name="title"/>
    <xsl:param name="uuid"/>
    <STIG_INFO>
      <xsl:call-template name="si">
        <xsl:with-param name="name" select="'version'"/>
        <xsl:with-param name="text" select="$version"/>
      </xsl:call-template>
      <xsl:call-template name="si">
        <xsl:with-param name="name" select="'classification'"/>
        <xsl:with-param name="text" select="substring(concat(
            /e:evidence/@marking, 'UNCLASSIFIED'), 1,
            string-length(/e:evidence/@marking) + 12 * not(
            /e:evidence/@marking))"/>
      </xsl:call-template>
      <xsl:call-template name="si">
        <xsl:with-param name="name" select="'customname'"/>
      </xsl:call-template>
      <xsl:call-template name="si">
        <xsl:with-param name="name" select="'stigid'"/>
        <xsl:with-param name="text" select="$id"/>
      </xsl:call-template>
      <xsl:call-template name="si">
        <xsl:with-param name="name" select="'description'"/>
        <xsl:with-param name="text" select="$description"/>
      </xsl:call-template>
      <xsl:call-template name="si">
        <xsl:with-param name="name" select="'filename'"/>
        <xsl:with-param name="text" select="concat($id, '.xml')"/>
      </xsl:call-template>
      <xsl:call-template name="si">
        <xsl:with-param name="name" select="'releaseinfo'"/>
        <xsl:with-param name="text" select="$release"/>
      </xsl:call-template>
      <xsl:call-template name="si">
        <xsl:with-param name="name" select="'title'"/>
        <xsl:with-param name="text" select="$title"/>
      </xsl:call-template>
      <xsl:call-template name="si">
        <xsl:with-param name="name" select="'uuid'"/>
        <xsl:with-param name="text" select="$uuid"/>
      </xsl:call-template>
      <xsl:call-template name="si">
        <xsl:with-param name="name" select="'notice'"/>
        <xsl:with-param name="text" select="'terms-of-use'"/>
      </xsl:call-template>
      <xsl:call-template name="si">
        <xsl:with-param name="name" select="'source'"/>
        <xsl:with-param name="text" select="'https://public.cyber.mil/'"/>
      </xsl:call-template>
      <xsl:text>&#10;&#9;&#9;&#9;</xsl:text>
    </STIG_INFO>
  </xsl:template>

  <!-- Written out: it is called a dozen times a rule. -->
  <xsl:template name="data">
    <xsl:param name="name"/>
    <xsl:param name="text"/>
    <xsl:text>&#10;&#9;&#9;&#9;&#9;</xsl:text>
    <STIG_DATA>
      <xsl:text>&#10;&#9;&#9;&#9;&#9;&#9;</xsl:text>
      <VULN_ATTRIBUTE><xsl:value-of select="$name"/></VULN_ATTRIBUTE>
      <xsl:text>&#10;&#9;&#9;&#9;&#9;&#9;</xsl:text>
      <ATTRIBUTE_DATA><xsl:value-of select="$text"/></ATTRIBUTE_DATA>
      <xsl:text>&#10;&#9;&#9;&#9;&#9;</xsl:text>
    </STIG_DATA>
  </xsl:template>

  <xsl:template match="e:requirement">
    <xsl:call-template name="vuln">
      <xsl:with-param name="group" select="@group"/>
      <xsl:with-param name="group-title" select="concat('Requirement ', @id)"/>
      <xsl:with-param name="severity" select="@severity"/>
      <xsl:with-param name="rule" select="@rule"/>
      <xsl:with-param name="rule-version" select="substring-after(@rule, '_rule_')"/>
      <xsl:with-param name="title" select="@title"/>
      <xsl:with-param name="discussion" select="e:discussion"/>
      <xsl:with-param name="controls" select="@r4"/>
      <xsl:with-param name="check" select="e:check"/>
      <xsl:with-param name="fix" select="e:fix"/>
      <xsl:with-param name="weight" select="@weight"/>
      <xsl:with-param name="of" select="$of-guide"/>
      <xsl:with-param name="ccis" select="@cci"/>
    </xsl:call-template>
  </xsl:template>

  <!-- A rule of another STIG. -->
  <xsl:template match="e:cell">
    <xsl:variable name="rule">
      <xsl:apply-templates select="." mode="rule"/>
    </xsl:variable>
    <xsl:variable name="rule-version">
      <xsl:apply-templates select="." mode="rule-version"/>
    </xsl:variable>
    <xsl:variable name="group">
      <xsl:apply-templates select="." mode="group"/>
    </xsl:variable>
    <xsl:variable name="title">
      <xsl:apply-templates select="." mode="title"/>
    </xsl:variable>
    <xsl:call-template name="vuln">
      <xsl:with-param name="group" select="$group"/>
      <xsl:with-param name="group-title" select="$title"/>
      <xsl:with-param name="severity" select="@severity"/>
      <xsl:with-param name="rule" select="$rule"/>
      <xsl:with-param name="rule-version" select="$rule-version"/>
      <xsl:with-param name="title" select="$title"/>
      <xsl:with-param name="check" select="e:check"/>
      <xsl:with-param name="weight" select="'10.0'"/>
      <xsl:with-param name="of" select="$of-stig"/>
      <xsl:with-param name="ccis" select="e:ccis"/>
    </xsl:call-template>
  </xsl:template>

  <!-- One a line; of other identifiers CCIs are none. -->
  <xsl:template name="ccis">
    <xsl:param name="list"/>
    <xsl:variable name="one" select="substring-before(concat($list, '&#10;'),
        '&#10;')"/>
    <xsl:if test="starts-with($one, 'CCI-')">
      <xsl:call-template name="data">
        <xsl:with-param name="name" select="'CCI_REF'"/>
        <xsl:with-param name="text" select="$one"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="contains($list, '&#10;')">
      <xsl:call-template name="ccis">
        <xsl:with-param name="list" select="substring-after($list, '&#10;')"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- The current requirement or rule. -->
  <xsl:template name="vuln">
    <xsl:param name="group"/>
    <xsl:param name="group-title"/>
    <xsl:param name="severity"/>
    <xsl:param name="rule"/>
    <xsl:param name="rule-version"/>
    <xsl:param name="title"/>
    <xsl:param name="discussion"/>
    <xsl:param name="controls"/>
    <xsl:param name="check"/>
    <xsl:param name="fix"/>
    <xsl:param name="weight"/>
    <xsl:param name="of"/>
    <xsl:param name="ccis"/>
    <xsl:text>&#10;&#9;&#9;&#9;</xsl:text>
    <VULN>
      <xsl:call-template name="data">
        <xsl:with-param name="name" select="'Vuln_Num'"/>
        <xsl:with-param name="text" select="$group"/>
      </xsl:call-template>
      <xsl:call-template name="data">
        <xsl:with-param name="name" select="'Severity'"/>
        <xsl:with-param name="text" select="$severity"/>
      </xsl:call-template>
      <xsl:call-template name="data">
        <xsl:with-param name="name" select="'Group_Title'"/>
        <xsl:with-param name="text" select="$group-title"/>
      </xsl:call-template>
      <xsl:call-template name="data">
        <xsl:with-param name="name" select="'Rule_ID'"/>
        <xsl:with-param name="text" select="$rule"/>
      </xsl:call-template>
      <xsl:call-template name="data">
        <xsl:with-param name="name" select="'Rule_Ver'"/>
        <xsl:with-param name="text" select="$rule-version"/>
      </xsl:call-template>
      <xsl:call-template name="data">
        <xsl:with-param name="name" select="'Rule_Title'"/>
        <xsl:with-param name="text" select="$title"/>
      </xsl:call-template>
      <xsl:call-template name="data">
        <xsl:with-param name="name" select="'Vuln_Discuss'"/>
        <xsl:with-param name="text" select="$discussion"/>
      </xsl:call-template>
      <xsl:call-template name="data">
        <xsl:with-param name="name" select="'IA_Controls'"/>
        <xsl:with-param name="text" select="$controls"/>
      </xsl:call-template>
      <xsl:call-template name="data">
        <xsl:with-param name="name" select="'Check_Content'"/>
        <xsl:with-param name="text" select="$check"/>
      </xsl:call-template>
      <xsl:call-template name="data">
        <xsl:with-param name="name" select="'Fix_Text'"/>
        <xsl:with-param name="text" select="$fix"/>
      </xsl:call-template>
      <xsl:copy-of select="$always"/>
      <xsl:call-template name="data">
        <xsl:with-param name="name" select="'Weight'"/>
        <xsl:with-param name="text" select="$weight"/>
      </xsl:call-template>
      <xsl:call-template name="data">
        <xsl:with-param name="name" select="'Class'"/>
        <xsl:with-param name="text">
          <xsl:call-template name="classification">
            <xsl:with-param name="none" select="'Unclass'"/>
          </xsl:call-template>
        </xsl:with-param>
      </xsl:call-template>
      <xsl:copy-of select="$of"/>
      <xsl:call-template name="ccis">
        <xsl:with-param name="list" select="$ccis"/>
      </xsl:call-template>
      <xsl:text>&#10;&#9;&#9;&#9;&#9;</xsl:text>
      <STATUS>
        <xsl:choose>
          <xsl:when test="@verdict = 'pass' or @result = 'pass' or
              @result = 'fixed'">NotAFinding</xsl:when>
          <xsl:when test="@verdict = 'fail' or @result = 'fail'">Open</xsl:when>
          <xsl:when test="@verdict = 'not_applicable' or
              @result = 'notapplicable'">Not_Applicable</xsl:when>
          <xsl:otherwise>Not_Reviewed</xsl:otherwise>
        </xsl:choose>
      </STATUS>
      <xsl:text>&#10;&#9;&#9;&#9;&#9;</xsl:text>
      <FINDING_DETAILS>
        <xsl:apply-templates select="." mode="checklist"/>
      </FINDING_DETAILS>
      <xsl:text>&#10;&#9;&#9;&#9;&#9;</xsl:text>
      <COMMENTS>
        <xsl:apply-templates select="." mode="comments"/>
      </COMMENTS>
      <xsl:text>&#10;&#9;&#9;&#9;&#9;</xsl:text>
      <SEVERITY_OVERRIDE>
        <xsl:apply-templates select="." mode="severity"/>
      </SEVERITY_OVERRIDE>
      <xsl:text>&#10;&#9;&#9;&#9;&#9;</xsl:text>
      <SEVERITY_JUSTIFICATION>
        <xsl:apply-templates select="." mode="severity-why"/>
      </SEVERITY_JUSTIFICATION>
      <xsl:text>&#10;&#9;&#9;&#9;</xsl:text>
    </VULN>
  </xsl:template>
</xsl:stylesheet>
