<?xml version="1.0" encoding="UTF-8"?>
<!--
  requirements.xsl - docs/requirements.md from the benchmark in xccdf/:
  what each requirement looks at, what fails, passes and decides nothing.
-->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:x="http://checklists.nist.gov/xccdf/1.2"
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:m="urn:muster:benchmark"
    xmlns:str="http://exslt.org/strings"
    extension-element-prefixes="str" exclude-result-prefixes="x dc m">
  <xsl:output method="text" encoding="UTF-8"/>
  <xsl:key name="value" match="x:Value" use="@id"/>

  <xsl:template match="/x:Benchmark">
    <xsl:text># How each requirement is decided&#10;&#10;</xsl:text>
    <xsl:text>Made from xccdf/cidg.xml by docs/requirements.xsl: </xsl:text>
    <xsl:text>do not edit.&#10;&#10;</xsl:text>
    <xsl:apply-templates select="x:front-matter | x:rear-matter"/>
    <xsl:apply-templates select="x:Group"/>
    <xsl:text>## Values&#10;&#10;</xsl:text>
    <xsl:text>Thresholds and lists that the checks use.&#10;&#10;</xsl:text>
    <xsl:apply-templates select="x:Value"/>
  </xsl:template>

  <xsl:template match="x:front-matter | x:rear-matter">
    <xsl:call-template name="safe"/>
    <xsl:text>&#10;&#10;</xsl:text>
  </xsl:template>

  <xsl:template match="x:Group">
    <xsl:value-of select="concat('## ',
        substring-before(x:Rule[1]/x:metadata/m:requirement/@number, '.'),
        '. ', x:title, '&#10;&#10;')"/>
    <xsl:apply-templates select="x:Rule"/>
  </xsl:template>

  <xsl:template match="x:Rule">
    <xsl:value-of select="concat('### ',
        x:metadata/m:requirement/@number, ' ', x:title, '&#10;&#10;',
        x:version, ', ', x:metadata/m:requirement/@level, ' (', @severity,
        '), ', x:ident, ', NIST SP 800-53 r4 ',
        x:reference[contains(dc:title, 'Revision 4')]/dc:identifier, ', r5 ',
        x:reference[contains(dc:title, 'Revision 5')]/dc:identifier,
        '&#10;&#10;')"/>
    <xsl:for-each select="str:split(x:check/x:check-content, '&#10;&#10;')">
      <xsl:call-template name="paragraph"/>
    </xsl:for-each>
    <xsl:text>**To fix:** </xsl:text>
    <xsl:call-template name="safe">
      <xsl:with-param name="text" select="x:fixtext"/>
    </xsl:call-template>
    <xsl:text>&#10;&#10;</xsl:text>
    <xsl:if test="x:check/x:check-export">
      <xsl:text>**Values:** </xsl:text>
      <xsl:for-each select="x:check/x:check-export">
        <xsl:if test="position() > 1">, </xsl:if>
        <xsl:value-of select="concat('[', @export-name, '](#',
            @export-name, ')')"/>
      </xsl:for-each>
      <xsl:text>&#10;&#10;</xsl:text>
    </xsl:if>
  </xsl:template>

  <!-- "Fails: when ..." -->
  <xsl:template name="paragraph">
    <xsl:value-of select="concat('**', substring-before(., ': '), ':** ')"/>
    <xsl:call-template name="safe">
      <xsl:with-param name="text" select="substring-after(., ': ')"/>
    </xsl:call-template>
    <xsl:text>&#10;&#10;</xsl:text>
  </xsl:template>

  <xsl:template match="x:Value">
    <xsl:value-of select="concat('### ', substring-after(@id, '_value_'),
        '&#10;&#10;', x:title, ' (', @type, '). ')"/>
    <xsl:call-template name="safe">
      <xsl:with-param name="text" select="x:description"/>
    </xsl:call-template>
    <xsl:text>&#10;&#10;</xsl:text>
    <xsl:choose>
      <xsl:when test="x:value = ''">(empty)&#10;</xsl:when>
      <xsl:otherwise>
        <xsl:value-of select="concat('```&#10;', x:value,
            '&#10;```&#10;')"/>
      </xsl:otherwise>
    </xsl:choose>
    <xsl:text>&#10;</xsl:text>
  </xsl:template>

  <!-- Text whose * < [ | Markdown would take for its own. -->
  <xsl:template name="safe">
    <xsl:param name="text" select="string(.)"/>
    <xsl:variable name="a" select="str:replace(string($text), '*', '\*')"/>
    <xsl:variable name="b" select="str:replace(string($a), '&lt;', '\&lt;')"/>
    <xsl:variable name="c" select="str:replace(string($b), '[', '\[')"/>
    <xsl:value-of select="str:replace(string($c), '|', '\|')"/>
  </xsl:template>
</xsl:stylesheet>
