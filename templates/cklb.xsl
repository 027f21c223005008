<?xml version="1.0"?>
<!--
  cklb.xsl - a checklist as STIG Viewer 3 writes it (CKLB 1.0), with the
  stigs[].version that STIG Viewer and STIG Manager read and write although
  the published schema does not know it.
-->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:e="urn:muster:evidence:1">
  <xsl:import href="details.xsl"/>
  <xsl:import href="comments.xsl"/>
  <xsl:import href="json.xsl"/>
  <xsl:output method="text" encoding="UTF-8"/>

  <xsl:variable name="b" select="/e:evidence/e:benchmark"/>

  <xsl:template match="/e:evidence">
    <xsl:text>{&#10;</xsl:text>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'  '"/>
      <xsl:with-param name="name" select="'title'"/>
      <xsl:with-param name="text" select="e:subject/@asset"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'  '"/>
      <xsl:with-param name="name" select="'id'"/>
      <xsl:with-param name="text" select="e:subject/@uuid"/>
    </xsl:call-template>
    <xsl:text>  "stigs": [&#10;    {&#10;</xsl:text>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'      '"/>
      <xsl:with-param name="name" select="'stig_name'"/>
      <xsl:with-param name="text" select="$b/@title"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'      '"/>
      <xsl:with-param name="name" select="'display_name'"/>
      <xsl:with-param name="text" select="'Container Image Guide'"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'      '"/>
      <xsl:with-param name="name" select="'stig_id'"/>
      <xsl:with-param name="text" select="$b/@id"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'      '"/>
      <xsl:with-param name="name" select="'release_info'"/>
      <xsl:with-param name="text" select="$b/@release"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'      '"/>
      <xsl:with-param name="name" select="'version'"/>
      <xsl:with-param name="text" select="$b/@version"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'      '"/>
      <xsl:with-param name="name" select="'uuid'"/>
      <xsl:with-param name="text" select="$b/@uuid"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'      '"/>
      <xsl:with-param name="name" select="'reference_identifier'"/>
      <xsl:with-param name="text" select="'0'"/>
    </xsl:call-template>
    <xsl:value-of select="concat('      &quot;size&quot;: ', $b/@rules,
        ',&#10;')"/>
    <xsl:text>      "rules": [&#10;</xsl:text>
    <xsl:apply-templates select="e:requirements/e:requirement"/>
    <xsl:text>      ]&#10;    }&#10;  ],&#10;</xsl:text>
    <xsl:text>  "active": true,&#10;</xsl:text>
    <xsl:text>  "mode": 1,&#10;</xsl:text>
    <xsl:text>  "has_path": true,&#10;</xsl:text>
    <xsl:text>  "target_data": {&#10;</xsl:text>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'    '"/>
      <xsl:with-param name="name" select="'target_type'"/>
      <xsl:with-param name="text" select="'Computing'"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'    '"/>
      <xsl:with-param name="name" select="'host_name'"/>
      <xsl:with-param name="text" select="substring(e:subject/@asset, 1, 255)"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'    '"/>
      <xsl:with-param name="name" select="'ip_address'"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'    '"/>
      <xsl:with-param name="name" select="'mac_address'"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'    '"/>
      <xsl:with-param name="name" select="'fqdn'"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'    '"/>
      <xsl:with-param name="name" select="'comments'"/>
      <xsl:with-param name="text" select="concat(e:subject/@kind, ' ', e:subject/@key)"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'    '"/>
      <xsl:with-param name="name" select="'role'"/>
      <xsl:with-param name="text" select="'None'"/>
    </xsl:call-template>
    <xsl:text>    "is_web_database": false,&#10;</xsl:text>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'    '"/>
      <xsl:with-param name="name" select="'technology_area'"/>
      <xsl:with-param name="text" select="'Other Review'"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'    '"/>
      <xsl:with-param name="name" select="'web_db_site'"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'    '"/>
      <xsl:with-param name="name" select="'web_db_instance'"/>
      <xsl:with-param name="last" select="true()"/>
    </xsl:call-template>
    <xsl:text>  },&#10;  "cklb_version": "1.0"&#10;}&#10;</xsl:text>
  </xsl:template>

  <xsl:template match="e:requirement">
    <xsl:text>        {&#10;</xsl:text>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'group_id_src'"/>
      <xsl:with-param name="text" select="@group"/>
    </xsl:call-template>
    <xsl:text>          "group_tree": [&#10;            {&#10;</xsl:text>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'              '"/>
      <xsl:with-param name="name" select="'id'"/>
      <xsl:with-param name="text" select="@group"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'              '"/>
      <xsl:with-param name="name" select="'title'"/>
      <xsl:with-param name="text" select="concat('Requirement ', @id)"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'              '"/>
      <xsl:with-param name="name" select="'description'"/>
      <xsl:with-param name="text" select="'&lt;GroupDescription&gt;&lt;/GroupDescription&gt;'"/>
      <xsl:with-param name="last" select="true()"/>
    </xsl:call-template>
    <xsl:text>            }&#10;          ],&#10;</xsl:text>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'group_id'"/>
      <xsl:with-param name="text" select="@group"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'severity'"/>
      <xsl:with-param name="text" select="@severity"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'group_title'"/>
      <xsl:with-param name="text" select="@title"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'rule_id_src'"/>
      <xsl:with-param name="text" select="@rule"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'rule_id'"/>
      <xsl:with-param name="text" select="substring-after(@rule, '_rule_')"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'rule_version'"/>
      <xsl:with-param name="text" select="substring-after(@rule, '_rule_')"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'rule_title'"/>
      <xsl:with-param name="text" select="@title"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'fix_text'"/>
      <xsl:with-param name="text" select="e:fix"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'weight'"/>
      <xsl:with-param name="text" select="@weight"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'check_content'"/>
      <xsl:with-param name="text" select="e:check"/>
    </xsl:call-template>
    <xsl:text>          "check_content_ref": {&#10;</xsl:text>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'            '"/>
      <xsl:with-param name="name" select="'href'"/>
      <xsl:with-param name="text" select="concat($b/@id, '.xml')"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'            '"/>
      <xsl:with-param name="name" select="'name'"/>
      <xsl:with-param name="text" select="'M'"/>
      <xsl:with-param name="last" select="true()"/>
    </xsl:call-template>
    <xsl:text>          },&#10;</xsl:text>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'classification'"/>
      <xsl:with-param name="text">
        <xsl:call-template name="classification">
          <xsl:with-param name="none" select="'Unclassified'"/>
        </xsl:call-template>
      </xsl:with-param>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'discussion'"/>
      <xsl:with-param name="text" select="e:discussion"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'false_positives'"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'false_negatives'"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'documentable'"/>
      <xsl:with-param name="text" select="'false'"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'security_override_guidance'"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'potential_impacts'"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'third_party_tools'"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'ia_controls'"/>
      <xsl:with-param name="text" select="@r4"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'responsibility'"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'mitigations'"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'mitigation_control'"/>
    </xsl:call-template>
    <xsl:text>          "legacy_ids": [],&#10;</xsl:text>
    <xsl:text>          "ccis": [</xsl:text>
    <xsl:call-template name="json-string">
      <xsl:with-param name="text" select="@cci"/>
    </xsl:call-template>
    <xsl:text>],&#10;</xsl:text>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'reference_identifier'"/>
      <xsl:with-param name="text" select="'0'"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'uuid'"/>
      <xsl:with-param name="text" select="@uuid"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'stig_uuid'"/>
      <xsl:with-param name="text" select="$b/@uuid"/>
    </xsl:call-template>
    <xsl:text>          "status": "</xsl:text>
    <xsl:choose>
      <xsl:when test="@verdict = 'pass'">not_a_finding</xsl:when>
      <xsl:when test="@verdict = 'fail'">open</xsl:when>
      <xsl:when test="@verdict = 'not_applicable'">not_applicable</xsl:when>
      <xsl:otherwise>not_reviewed</xsl:otherwise>
    </xsl:choose>
    <xsl:text>",&#10;          "overrides": {</xsl:text>
    <xsl:variable name="severity">
      <xsl:apply-templates select="." mode="severity"/>
    </xsl:variable>
    <xsl:if test="$severity != ''">
      <xsl:variable name="reason">
        <xsl:apply-templates select="." mode="severity-why"/>
      </xsl:variable>
      <xsl:text>&#10;            "severity": {&#10;</xsl:text>
      <xsl:call-template name="json-member">
        <xsl:with-param name="in" select="'              '"/>
        <xsl:with-param name="name" select="'severity'"/>
        <xsl:with-param name="text" select="$severity"/>
      </xsl:call-template>
      <xsl:call-template name="json-member">
        <xsl:with-param name="in" select="'              '"/>
        <xsl:with-param name="name" select="'reason'"/>
        <xsl:with-param name="text" select="$reason"/>
        <xsl:with-param name="last" select="true()"/>
      </xsl:call-template>
      <xsl:text>            }&#10;          </xsl:text>
    </xsl:if>
    <xsl:text>},&#10;</xsl:text>
    <xsl:variable name="comments">
      <xsl:apply-templates select="." mode="comments"/>
    </xsl:variable>
    <xsl:variable name="details">
      <xsl:apply-templates select="." mode="checklist"/>
    </xsl:variable>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'comments'"/>
      <xsl:with-param name="text" select="$comments"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'finding_details'"/>
      <xsl:with-param name="text" select="$details"/>
      <xsl:with-param name="last" select="true()"/>
    </xsl:call-template>
    <xsl:text>        }</xsl:text>
    <xsl:if test="position() != last()">,</xsl:if>
    <xsl:text>&#10;</xsl:text>
  </xsl:template>
</xsl:stylesheet>
