package io.sparkspann.spark.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGraphics2D;
import org.knowm.xchart.internal.chartpart.IChart;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.w3c.dom.Document;

/** Charts as SVG to be part of a page, in the colours of the page. */
final class Svg {
    private static final Logger LOG = LoggerFactory.getLogger(Svg.class);

    /** Colours that stand for variables of the style sheet, which differ by light and dark. */
    static final Color INK = new Color(1, 2, 3);

    static final Color GRID = new Color(4, 5, 6);
    static final Color BAR = new Color(7, 8, 9);

    /** Digits of coordinates that nobody can see, which are half of the text. */
    private static final Pattern SMALL_DIGITS = Pattern.compile("(\\.[0-9]{2})[0-9]+");

    private Svg() {}

    /** The colour that stands for the variable {@code --c0} and so on. */
    static Color ofClass(int number) {
        return new Color(10, 20, 30 + number);
    }

    /**
     * Whether charts can be drawn: that takes the fonts of this machine.
     *
     * @return what is missing; empty if nothing is
     */
    static Optional<String> problem() {
        try {
            Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
            font.getStringBounds("0", new FontRenderContext(null, true, true));
            return Optional.empty();
        } catch (RuntimeException | LinkageError | InternalError e) {
            // Java without libraries for fonts, or a system without a font: each fails in its way.
            LOG.debug("no fonts", e);
            return Optional.of(
                    "the plots need a font, and Java finds none on this machine; install fontconfig"
                            + " and a font such as DejaVu");
        }
    }

    /**
     * Draws a chart.
     *
     * @param id of the plot in its page
     * @param title for those who do not see it
     */
    static String of(IChart chart, String id, String title) {
        String svg = painted(chart);
        // Without what precedes the element, and with a size that follows that of the page.
        String inner =
                SMALL_DIGITS
                        .matcher(svg.substring(svg.indexOf('>', svg.indexOf("<svg")) + 1))
                        .replaceAll("$1");
        return String.format(
                        "<svg viewBox=\"0 0 %d %d\" xmlns=\"http://www.w3.org/2000/svg\""
                                + " role=\"img\" aria-labelledby=\"%s-title\"><title"
                                + " id=\"%s-title\">%s</title>",
                        chart.getWidth(), chart.getHeight(), id, id, Html.escape(title))
                + inColours(inner)
                        .replace(" id=\"", " id=\"" + id + "-")
                        .replace("url(#", "url(#" + id + "-");
    }

    private static String painted(IChart chart) {
        StringWriter writer = new StringWriter();
        try {
            Document document =
                    DocumentBuilderFactory.newInstance()
                            .newDocumentBuilder()
                            .getDOMImplementation()
                            .createDocument(SVGGraphics2D.SVG_NAMESPACE_URI, "svg", null);
            SVGGraphics2D graphics = new SVGGraphics2D(document);
            chart.paint(graphics, chart.getWidth(), chart.getHeight());
            graphics.stream(writer, true);
        } catch (IOException | ParserConfigurationException e) {
            throw new IllegalStateException("A chart cannot be drawn", e);
        }
        // Batik breaks lines within tags.
        return writer.toString().replace("\n>", ">");
    }

    private static String inColours(String svg) {
        String coloured =
                svg.replace("rgb(1,2,3)", "var(--ink)")
                        .replace("rgb(4,5,6)", "var(--grid)")
                        .replace("rgb(7,8,9)", "var(--bar)");
        for (int c = 0; c < Charts.CLASSES; c++) {
            coloured = coloured.replace("rgb(10,20," + (30 + c) + ")", "var(--c" + c + ")");
        }
        return coloured;
    }
}
