<?xml version="1.0"?>
<!-- controls.xsl - NIST SP 800-53: what speaks to each control. -->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:e="urn:muster:evidence:1" exclude-result-prefixes="e">
  <xsl:import href="page.xsl"/>

  <xsl:key name="of" match="e:result" use="@requirement"/>
  <xsl:key name="control" match="e:requirement" use="@r4"/>
  <xsl:variable name="reqs"
      select="/e:evidence/e:requirements/e:requirement"/>
  <!-- The first requirement of each control. -->
  <xsl:variable name="firsts"
      select="$reqs[generate-id() = generate-id(key('control', @r4)[1])]"/>

  <xsl:template match="/e:evidence">
    <html lang="en">
      <xsl:call-template name="page-head">
        <xsl:with-param name="title" select="'Controls'"/>
      </xsl:call-template>
      <body>
        <a class="skip" href="#main">Skip to the controls</a>
        <xsl:call-template name="page-top">
          <xsl:with-param name="over" select="'NIST SP 800-53 revision 4'"/>
          <xsl:with-param name="title" select="'Controls'"/>
          <xsl:with-param name="here" select="'controls.html'"/>
        </xsl:call-template>
        <main id="main" class="frame">
          <section id="controls" aria-labelledby="controls-h">
            <h2 id="controls-h">At a glance</h2>
            <div class="scroll" role="group" tabindex="0"
                aria-label="Controls">
              <table data-tools="Controls">
                <thead><tr><th scope="col">Control</th>
                  <th scope="col">Verdicts</th>
                  <th scope="col" class="n">Fail</th>
                  <th scope="col" class="n">Not reviewed</th>
                  <th scope="col" class="n">Pass</th>
                  <th scope="col">Requirements</th></tr></thead>
                <tbody>
                  <xsl:for-each select="$firsts">
                    <xsl:sort select="substring-before(concat(@r4, '-'), '-')"/>
                    <xsl:sort select="substring-before(concat(substring-after(
                        @r4, '-'), ' '), ' ')" data-type="number"/>
                    <xsl:sort select="@r4"/>
                    <xsl:call-template name="row"/>
                  </xsl:for-each>
                </tbody>
              </table>
            </div>
          </section>
          <xsl:for-each select="$firsts">
            <xsl:sort select="substring-before(concat(@r4, '-'), '-')"/>
            <xsl:sort select="substring-before(concat(substring-after(
                @r4, '-'), ' '), ' ')" data-type="number"/>
            <xsl:sort select="@r4"/>
            <xsl:call-template name="control"/>
          </xsl:for-each>
          <xsl:call-template name="page-foot"/>
        </main>
        <xsl:call-template name="page-end"/>
      </body>
    </html>
  </xsl:template>

  <xsl:template name="bar-of">
    <xsl:param name="of"/>
    <xsl:call-template name="verdict-bar">
      <xsl:with-param name="fail" select="count($of[@verdict = 'fail'])"/>
      <xsl:with-param name="error" select="count($of[@verdict = 'error'])"/>
      <xsl:with-param name="rest"
          select="count($of[@verdict = 'not_reviewed'])"/>
      <xsl:with-param name="pass" select="count($of[@verdict = 'pass'])"/>
      <xsl:with-param name="na"
          select="count($of[@verdict = 'not_applicable'])"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template name="row">
    <xsl:variable name="of" select="key('of', key('control', @r4)/@id)"/>
    <tr>
      <th scope="row" class="nowrap"><a href="#c-{translate(@r4, ' ()',
          '-')}"><xsl:value-of select="@r4"/></a></th>
      <td data-v="{count($of)}"><xsl:call-template name="bar-of">
        <xsl:with-param name="of" select="$of"/>
      </xsl:call-template></td>
      <td class="n"><xsl:value-of
          select="count($of[@verdict = 'fail'])"/></td>
      <td class="n"><xsl:value-of
          select="count($of[@verdict = 'not_reviewed'])"/></td>
      <td class="n"><xsl:value-of
          select="count($of[@verdict = 'pass'])"/></td>
      <td><xsl:for-each select="key('control', @r4)">
        <xsl:if test="position() &gt; 1">, </xsl:if>
        <a href="requirements/{@id}.html"><xsl:value-of select="@id"/></a>
      </xsl:for-each></td>
    </tr>
  </xsl:template>

  <xsl:template name="control">
    <article id="c-{translate(@r4, ' ()', '-')}">
      <div class="title"><h2><xsl:value-of select="@r4"/></h2></div>
      <p class="meta">
        <xsl:if test="@r5 != ''"><span><xsl:value-of
            select="concat('in revision 5: ', @r5)"/></span></xsl:if>
        <span><xsl:for-each select="key('control', @r4)">
          <xsl:variable name="cci" select="@cci"/>
          <xsl:if test="not(preceding-sibling::e:requirement[@cci = $cci])">
            <xsl:value-of select="concat(@cci, ' ')"/>
          </xsl:if>
        </xsl:for-each></span>
      </p>
      <xsl:for-each select="key('control', @r4)">
        <xsl:variable name="of" select="key('of', @id)"/>
        <xsl:variable name="failed" select="$of[@verdict = 'fail']"/>
        <h3><a href="requirements/{@id}.html"><xsl:value-of
            select="concat(@id, ' ', @title)"/></a></h3>
        <div class="mini"><xsl:call-template name="bar-of">
          <xsl:with-param name="of" select="$of"/>
        </xsl:call-template></div>
        <p>
          <xsl:value-of select="concat(count($failed), ' of ', count($of),
              ' fail')"/>
          <xsl:if test="$failed">
            <xsl:text>: </xsl:text>
            <xsl:for-each select="$failed[position() &lt;= 12]">
              <xsl:if test="position() &gt; 1">, </xsl:if>
              <a href="subjects/{../@slug}.html#r-{@requirement}"><xsl:value-of
                  select="../@name"/></a>
            </xsl:for-each>
            <xsl:if test="count($failed) &gt; 12">
              <xsl:text>, </xsl:text>
              <a href="requirements/{@id}.html"><xsl:value-of
                  select="concat('and ', count($failed) - 12,
                  ' more')"/></a>
            </xsl:if>
          </xsl:if>
        </p>
      </xsl:for-each>
    </article>
  </xsl:template>
</xsl:stylesheet>
