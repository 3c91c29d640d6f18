package io.sparkspann.spark.report;

import java.util.List;

/** Writes the elements of a page; texts are escaped. */
final class Html {
    private final StringBuilder page = new StringBuilder();

    static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(Character.isISOControl(c) && c != '\n' ? ' ' : c);
            }
        }
        return escaped.toString();
    }

    /** Appends what is HTML already. */
    Html raw(String html) {
        page.append(html).append('\n');
        return this;
    }

    Html text(String tag, String text) {
        return text(tag, "", text);
    }

    /**
     * @param kind class of the element, empty for none
     */
    Html text(String tag, String kind, String text) {
        String attribute = kind.isEmpty() ? "" : " class=\"" + kind + "\"";
        page.append('<').append(tag).append(attribute).append('>').append(escape(text));
        page.append("</").append(tag).append(">\n");
        return this;
    }

    /** A table whose first column names its rows; columns after it are figures. */
    Html table(String caption, List<String> header, List<List<String>> rows) {
        page.append("<div class=\"scroll\"><table>\n");
        text("caption", caption);
        page.append("<thead><tr>");
        header.forEach(
                cell -> page.append("<th scope=\"col\">").append(escape(cell)).append("</th>"));
        page.append("</tr></thead>\n<tbody>\n");
        for (List<String> row : rows) {
            page.append("<tr><th scope=\"row\">").append(escape(row.get(0))).append("</th>");
            row.subList(1, row.size())
                    .forEach(cell -> page.append("<td>").append(escape(cell)).append("</td>"));
            page.append("</tr>\n");
        }
        page.append("</tbody></table></div>\n");
        return this;
    }

    @Override
    public String toString() {
        return page.toString();
    }
}
