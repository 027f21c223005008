<?xml version="1.0"?>
<!--
  cklb.xsl - a checklist as STIG Viewer 3 writes it (CKLB 1.0), with the
  stigs[].version that STIG Viewer and STIG Manager read and write although
  the published schema does not know it.
-->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:e="urn:muster:evidence:1" xmlns:m="urn:muster:functions">
  <xsl:import href="details.xsl"/>
  <xsl:import href="comments.xsl"/>
  <xsl:import href="cells.xsl"/>
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
    <xsl:text>  "stigs": [&#10;</xsl:text>
    <xsl:call-template name="stig">
      <xsl:with-param name="title" select="$b/@title"/>
      <xsl:with-param name="short" select="'Container Image Guide'"/>
      <xsl:with-param name="id" select="$b/@id"/>
      <xsl:with-param name="release" select="$b/@release"/>
      <xsl:with-param name="version" select="$b/@version"/>
      <xsl:with-param name="uuid" select="$b/@uuid"/>
      <xsl:with-param name="size" select="$b/@rules"/>
    </xsl:call-template>
    <xsl:apply-templates select="e:requirements/e:requirement"/>
    <xsl:text>&#10;      ]&#10;    }</xsl:text>
    <xsl:call-template name="mark"/>
    <xsl:text>&#10;  ],&#10;</xsl:text>
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

  <!-- Where pieces of other STIGs go, and are cut (src/render/checklist.c). -->
  <xsl:template name="mark">
    <xsl:text>&#10;&#9;&#10;&#9;&#10;</xsl:text>
  </xsl:template>

  <!-- A piece: what opens the STIG, its rules, what closes it. -->
  <xsl:template match="/e:evidence[@kind = 'list']">
    <xsl:call-template name="mark"/>
    <xsl:text>,&#10;</xsl:text>
    <xsl:call-template name="stig">
      <xsl:with-param name="title" select="$stig-title"/>
      <xsl:with-param name="short" select="$stig/@id"/>
      <xsl:with-param name="id" select="$stig/@id"/>
      <xsl:with-param name="release" select="$stig/@release"/>
      <xsl:with-param name="version" select="$stig/@version"/>
      <xsl:with-param name="uuid" select="$stig-uuid"/>
      <xsl:with-param name="size" select="e:part/@total"/>
    </xsl:call-template>
    <xsl:call-template name="mark"/>
    <xsl:apply-templates select="e:part/e:cell"/>
    <xsl:call-template name="mark"/>
    <xsl:text>&#10;      ]&#10;    }</xsl:text>
    <xsl:call-template name="mark"/>
  </xsl:template>

  <!-- A STIG up to its rules. -->
  <xsl:template name="stig">
    <xsl:param name="title"/>
    <xsl:param name="short"/>
    <xsl:param name="id"/>
    <xsl:param name="release"/>
    <xsl:param name="version"/>
    <xsl:param name="uuid"/>
    <xsl:param name="size"/>
    <xsl:text>    {&#10;</xsl:text>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'      '"/>
      <xsl:with-param name="name" select="'stig_name'"/>
      <xsl:with-param name="text" select="$title"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'      '"/>
      <xsl:with-param name="name" select="'display_name'"/>
      <xsl:with-param name="text" select="$short"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'      '"/>
      <xsl:with-param name="name" select="'stig_id'"/>
      <xsl:with-param name="text" select="$id"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'      '"/>
      <xsl:with-param name="name" select="'release_info'"/>
      <xsl:with-param name="text" select="$release"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'      '"/>
      <xsl:with-param name="name" select="'version'"/>
      <xsl:with-param name="text" select="$version"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'      '"/>
      <xsl:with-param name="name" select="'uuid'"/>
      <xsl:with-param name="text" select="$uuid"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'      '"/>
      <xsl:with-param name="name" select="'reference_identifier'"/>
      <xsl:with-param name="text" select="'0'"/>
    </xsl:call-template>
    <xsl:value-of select="concat('      &quot;size&quot;: ', $size,
        ',&#10;')"/>
    <xsl:text>      "rules": [</xsl:text>
  </xsl:template>

  <xsl:template match="e:requirement">
    <xsl:call-template name="rule">
      <xsl:with-param name="group" select="@group"/>
      <xsl:with-param name="group-title" select="concat('Requirement ', @id)"/>
      <xsl:with-param name="severity" select="@severity"/>
      <xsl:with-param name="title" select="@title"/>
      <xsl:with-param name="rule" select="@rule"/>
      <xsl:with-param name="short" select="substring-after(@rule, '_rule_')"/>
      <xsl:with-param name="rule-version" select="substring-after(@rule, '_rule_')"/>
      <xsl:with-param name="fix" select="e:fix"/>
      <xsl:with-param name="weight" select="@weight"/>
      <xsl:with-param name="check" select="e:check"/>
      <xsl:with-param name="of" select="$b/@id"/>
      <xsl:with-param name="discussion" select="e:discussion"/>
      <xsl:with-param name="controls" select="@r4"/>
      <xsl:with-param name="ccis" select="@cci"/>
      <xsl:with-param name="uuid" select="@uuid"/>
      <xsl:with-param name="stig-uuid" select="$b/@uuid"/>
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
    <xsl:variable name="shortened" select="substring($rule, 1,
        string-length($rule) - 5)"/>
    <xsl:variable name="short">
      <xsl:choose>
        <xsl:when test="$shortened != '' and
            concat($shortened, '_rule') = $rule">
          <xsl:value-of select="$shortened"/>
        </xsl:when>
        <xsl:otherwise><xsl:value-of select="$rule"/></xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <xsl:call-template name="rule">
      <xsl:with-param name="after" select="../@page &gt; 1"/>
      <xsl:with-param name="group" select="$group"/>
      <xsl:with-param name="group-title" select="$title"/>
      <xsl:with-param name="severity" select="@severity"/>
      <xsl:with-param name="title" select="$title"/>
      <xsl:with-param name="rule" select="$rule"/>
      <xsl:with-param name="short" select="$short"/>
      <xsl:with-param name="rule-version" select="$rule-version"/>
      <xsl:with-param name="weight" select="'10.0'"/>
      <xsl:with-param name="check" select="e:check"/>
      <xsl:with-param name="of" select="$stig/@id"/>
      <xsl:with-param name="ccis" select="e:ccis"/>
      <xsl:with-param name="uuid" select="m:uuid(concat('rule&#10;',
          $stig-uuid, '&#10;', $rule))"/>
      <xsl:with-param name="stig-uuid" select="$stig-uuid"/>
    </xsl:call-template>
  </xsl:template>

  <!-- One a line; of other identifiers CCIs are none. -->
  <xsl:template name="ccis">
    <xsl:param name="list"/>
    <xsl:param name="before" select="''"/>
    <xsl:variable name="one" select="substring-before(concat($list, '&#10;'),
        '&#10;')"/>
    <xsl:variable name="is" select="starts-with($one, 'CCI-')"/>
    <xsl:if test="$is">
      <xsl:value-of select="$before"/>
      <xsl:call-template name="json-string">
        <xsl:with-param name="text" select="$one"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="contains($list, '&#10;')">
      <xsl:call-template name="ccis">
        <xsl:with-param name="list" select="substring-after($list, '&#10;')"/>
        <xsl:with-param name="before" select="substring(', ', 1,
            2 * ($is or $before != ''))"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- The current requirement or rule; after: others are before this piece. -->
  <xsl:template name="rule">
    <xsl:param name="after" select="false()"/>
    <xsl:param name="group"/>
    <xsl:param name="group-title"/>
    <xsl:param name="severity"/>
    <xsl:param name="title"/>
    <xsl:param name="rule"/>
    <xsl:param name="short"/>
    <xsl:param name="rule-version"/>
    <xsl:param name="fix"/>
    <xsl:param name="weight"/>
    <xsl:param name="check"/>
    <xsl:param name="of"/>
    <xsl:param name="discussion"/>
    <xsl:param name="controls"/>
    <xsl:param name="ccis"/>
    <xsl:param name="uuid"/>
    <xsl:param name="stig-uuid"/>
    <xsl:if test="$after or position() != 1">,</xsl:if>
    <xsl:text>&#10;        {&#10;</xsl:text>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'group_id_src'"/>
      <xsl:with-param name="text" select="$group"/>
    </xsl:call-template>
    <xsl:text>          "group_tree": [&#10;            {&#10;</xsl:text>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'              '"/>
      <xsl:with-param name="name" select="'id'"/>
      <xsl:with-param name="text" select="$group"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'              '"/>
      <xsl:with-param name="name" select="'title'"/>
      <xsl:with-param name="text" select="$group-title"/>
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
      <xsl:with-param name="text" select="$group"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'severity'"/>
      <xsl:with-param name="text" select="$severity"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'group_title'"/>
      <xsl:with-param name="text" select="$title"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'rule_id_src'"/>
      <xsl:with-param name="text" select="$rule"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'rule_id'"/>
      <xsl:with-param name="text" select="$short"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'rule_version'"/>
      <xsl:with-param name="text" select="$rule-version"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'rule_title'"/>
      <xsl:with-param name="text" select="$title"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'fix_text'"/>
      <xsl:with-param name="text" select="$fix"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'weight'"/>
      <xsl:with-param name="text" select="$weight"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'check_content'"/>
      <xsl:with-param name="text" select="$check"/>
    </xsl:call-template>
    <xsl:text>          "check_content_ref": {&#10;</xsl:text>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'            '"/>
      <xsl:with-param name="name" select="'href'"/>
      <xsl:with-param name="text" select="concat($of, '.xml')"/>
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
      <xsl:with-param name="text" select="$discussion"/>
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
      <xsl:with-param name="text" select="$controls"/>
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
    <xsl:call-template name="ccis">
      <xsl:with-param name="list" select="$ccis"/>
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
      <xsl:with-param name="text" select="$uuid"/>
    </xsl:call-template>
    <xsl:call-template name="json-member">
      <xsl:with-param name="in" select="'          '"/>
      <xsl:with-param name="name" select="'stig_uuid'"/>
      <xsl:with-param name="text" select="$stig-uuid"/>
    </xsl:call-template>
    <xsl:text>          "status": "</xsl:text>
    <xsl:choose>
      <xsl:when test="@verdict = 'pass' or @result = 'pass' or
          @result = 'fixed'">not_a_finding</xsl:when>
      <xsl:when test="@verdict = 'fail' or @result = 'fail'">open</xsl:when>
      <xsl:when test="@verdict = 'not_applicable' or
          @result = 'notapplicable'">not_applicable</xsl:when>
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
  </xsl:template>
</xsl:stylesheet>
