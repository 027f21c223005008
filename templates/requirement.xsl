<?xml version="1.0"?>
<!-- requirement.xsl - one requirement: what is asked, what became of it
     everywhere, and why. -->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:e="urn:muster:evidence:1" exclude-result-prefixes="e">
  <xsl:import href="page.xsl"/>

  <xsl:variable name="req" select="/e:evidence/e:requirement"/>
  <xsl:variable name="part" select="/e:evidence/e:part"/>
  <xsl:variable name="totals" select="/e:evidence/e:total"/>

  <xsl:template match="/e:evidence">
    <html lang="en">
      <xsl:call-template name="page-head">
        <xsl:with-param name="title" select="concat($req/@id, ' ',
            $req/@title)"/>
      </xsl:call-template>
      <body>
        <a class="skip" href="#main">Skip to the verdicts</a>
        <xsl:call-template name="page-top">
          <xsl:with-param name="over" select="concat('Requirement ',
              $req/@id)"/>
          <xsl:with-param name="title" select="$req/@title"/>
          <xsl:with-param name="facts">
            <span><xsl:call-template name="category">
              <xsl:with-param name="severity" select="$req/@severity"/>
            </xsl:call-template></span>
            <span><xsl:value-of select="$req/@cci"/></span>
            <span><a href="../controls.html#c-{translate($req/@r4, ' ()',
                '-')}"><xsl:value-of select="concat('NIST SP 800-53 r4 ',
                $req/@r4)"/></a></span>
            <xsl:if test="$req/@r5 != ''"><span><xsl:value-of
                select="concat('r5 ', $req/@r5)"/></span></xsl:if>
          </xsl:with-param>
        </xsl:call-template>
        <main id="main" class="frame">
          <section id="guide" aria-labelledby="guide-h">
            <h2 id="guide-h">What the guide says</h2>
            <p class="text"><xsl:value-of select="$req/e:discussion"/></p>
          </section>
          <section id="verdicts" aria-labelledby="verdicts-h">
            <h2 id="verdicts-h">Verdicts</h2>
            <xsl:call-template name="totals"/>
            <xsl:call-template name="pages">
              <xsl:with-param name="label" select="'Parts'"/>
            </xsl:call-template>
            <xsl:apply-templates select="$part/e:decided"/>
            <xsl:if test="$part/@total = 0">
              <p class="none">It is decided for no subject here.</p>
            </xsl:if>
            <xsl:call-template name="pages">
              <xsl:with-param name="label" select="'Parts, again'"/>
            </xsl:call-template>
          </section>
          <section id="fix" aria-labelledby="fix-h">
            <h2 id="fix-h">What would make it pass</h2>
            <p class="text"><xsl:value-of select="$req/e:fix"/></p>
          </section>
          <section id="check" aria-labelledby="check-h">
            <h2 id="check-h">How it is decided</h2>
            <p class="text"><xsl:value-of select="$req/e:check"/></p>
            <p class="meta"><span class="rule"><xsl:value-of
                select="$req/@rule"/></span></p>
          </section>
          <xsl:call-template name="page-foot"/>
        </main>
        <xsl:call-template name="page-end"/>
      </body>
    </html>
  </xsl:template>

  <xsl:template name="totals">
    <xsl:call-template name="verdict-bar">
      <xsl:with-param name="fail"
          select="sum($totals[@verdict = 'fail']/@n)"/>
      <xsl:with-param name="error"
          select="sum($totals[@verdict = 'error']/@n)"/>
      <xsl:with-param name="rest"
          select="sum($totals[@verdict = 'not_reviewed']/@n)"/>
      <xsl:with-param name="pass"
          select="sum($totals[@verdict = 'pass']/@n)"/>
      <xsl:with-param name="na"
          select="sum($totals[@verdict = 'not_applicable']/@n)"/>
    </xsl:call-template>
    <p class="meta">
      <xsl:for-each select="$totals">
        <span><b><xsl:value-of select="@n"/></b>
          <xsl:text> </xsl:text>
          <xsl:call-template name="word">
            <xsl:with-param name="of" select="@verdict"/>
          </xsl:call-template></span>
      </xsl:for-each>
    </p>
  </xsl:template>

  <xsl:template name="pages">
    <xsl:param name="label"/>
    <xsl:if test="$part/@pages &gt; 1">
      <nav aria-label="{$label}"><ul class="pages">
        <xsl:call-template name="page-link">
          <xsl:with-param name="n" select="1"/>
        </xsl:call-template>
      </ul></nav>
    </xsl:if>
  </xsl:template>

  <xsl:template name="page-link">
    <xsl:param name="n"/>
    <xsl:choose>
      <xsl:when test="$n = $part/@page">
        <li><b aria-current="page"><xsl:value-of select="$n"/></b></li>
      </xsl:when>
      <xsl:when test="$n = 1">
        <li><a href="{$req/@id}.html">1</a></li>
      </xsl:when>
      <xsl:otherwise>
        <li><a href="{$req/@id}-{$n}.html"><xsl:value-of
            select="$n"/></a></li>
      </xsl:otherwise>
    </xsl:choose>
    <xsl:if test="$n &lt; $part/@pages and $n &lt; 2000">
      <xsl:call-template name="page-link">
        <xsl:with-param name="n" select="$n + 1"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="e:decided">
    <article id="s-{@slug}" data-row="1" data-verdict="{@verdict}"
        aria-labelledby="t-{@slug}">
      <div class="title">
        <h3 id="t-{@slug}"><xsl:call-template name="portion"/><a href="../subjects/{@slug}.html#r-{$req/@id}"><xsl:value-of
            select="@name"/></a>
          <small><xsl:value-of select="@kind"/></small></h3>
        <xsl:call-template name="verdict">
          <xsl:with-param name="of" select="@verdict"/>
        </xsl:call-template>
      </div>
      <ul class="reasons"><xsl:apply-templates
          select="e:reason | e:covered"/></ul>
      <xsl:if test="@reasons &gt; count(e:reason)">
        <p><a href="../subjects/{@slug}.html#r-{$req/@id}"><xsl:value-of
            select="concat('All ', @reasons, ' reasons')"/></a></p>
      </xsl:if>
    </article>
  </xsl:template>
</xsl:stylesheet>
