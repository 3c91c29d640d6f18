package io.sparkspann.spark.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.xml.sax.InputSource;

/** What holds for every page of a report. */
public final class Pages {
    private static final Pattern PLOT = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL);
    private static final Pattern ID = Pattern.compile(" id=\"([^\"]*)\"");

    private Pages() {}

    /** The plots of a page, by the ids of their titles. */
    public static List<String> plots(String page) {
        List<String> plots = new ArrayList<>();
        Matcher plot = PLOT.matcher(page);
        while (plot.find()) {
            Matcher id = Pattern.compile("aria-labelledby=\"(.*?)-title\"").matcher(plot.group());
            assertThat(id.find()).isTrue();
            plots.add(id.group(1));
        }
        return plots;
    }

    /** Fails if the page is not one, needs anything else, or has plots that are none. */
    public static void check(String page) throws Exception {
        assertThat(page).startsWith("<!DOCTYPE html>\n<html lang=\"en\">").endsWith("</html>\n");
        assertThat(page.replace("http://www.w3.org/", ""))
                .doesNotContain(
                        "http:", "https:", "//", "<script", "<link", "<img", "src=", "href=")
                .doesNotContain("url(http", "@import");
        // Colours that only stand for those of the style sheet.
        assertThat(page).doesNotContain("rgb(1,2,3)", "rgb(4,5,6)", "rgb(7,8,9)", "rgb(10,20");
        Matcher plot = PLOT.matcher(page);
        while (plot.find()) {
            DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(plot.group())));
            assertThat(plot.group()).contains("role=\"img\"", "<title id=");
        }
        List<String> ids = new ArrayList<>();
        Matcher id = ID.matcher(page);
        while (id.find()) {
            ids.add(id.group(1));
        }
        assertThat(ids).doesNotHaveDuplicates();
    }
}
