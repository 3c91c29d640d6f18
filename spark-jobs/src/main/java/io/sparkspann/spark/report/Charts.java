package io.sparkspann.spark.report;

import io.sparkspann.spark.report.IndexFigures.Bar;
import io.sparkspann.spark.report.IndexFigures.Curve;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.HorizontalBarChart;
import org.knowm.xchart.HorizontalBarChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.IChart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The charts of a report, in the colours of {@link Svg}. */
final class Charts {
    /** Classes of queries that have a colour of their own; more begin again. */
    static final int CLASSES = 10;

    private static final int WIDTH = 640;
    private static final int HEIGHT = 300;
    private static final int BAR_HEIGHT = 36;
    private static final int AXIS_HEIGHT = 70;
    private static final Color NONE = new Color(0, 0, 0, 0);

    private Charts() {}

    /** Bars side by side, in the given order. */
    static IChart bars(List<Bar> bars, String xTitle, String yTitle) {
        CategoryChart chart =
                new CategoryChartBuilder()
                        .width(WIDTH)
                        .height(HEIGHT)
                        .xAxisTitle(xTitle)
                        .yAxisTitle(yTitle)
                        .build();
        style(chart.getStyler());
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setXAxisMaxLabelCount(12);
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setSeriesColors(new Color[] {Svg.BAR});
        chart.addSeries(
                yTitle,
                bars.stream().map(Bar::label).toList(),
                bars.stream().map(Bar::count).toList());
        return chart;
    }

    /** Values in ascending order, so many that bars would be too thin. */
    static IChart ascending(double[] values, String xTitle, String yTitle) {
        XYChart chart =
                new XYChartBuilder()
                        .width(WIDTH)
                        .height(HEIGHT)
                        .xAxisTitle(xTitle)
                        .yAxisTitle(yTitle)
                        .build();
        style(chart.getStyler());
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setYAxisMin(0.0);
        double[] numbers = new double[values.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i + 1;
        }
        line(chart.addSeries(yTitle, numbers, values), Svg.BAR);
        return chart;
    }

    /** Horizontal bars, the first on top. */
    static IChart stages(List<String> names, List<Double> seconds) {
        HorizontalBarChart chart =
                new HorizontalBarChartBuilder()
                        .width(WIDTH)
                        .height(AXIS_HEIGHT + BAR_HEIGHT * names.size())
                        .xAxisTitle("seconds")
                        .build();
        style(chart.getStyler());
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setPlotGridHorizontalLinesVisible(false);
        chart.getStyler().setPlotGridVerticalLinesVisible(true);
        // Less than the height of a bar, so that all have names; XChart takes it for both axes.
        chart.getStyler().setXAxisTickMarkSpacingHint(BAR_HEIGHT - 10);
        chart.getStyler().setXAxisMin(0.0);
        chart.getStyler().setSeriesColors(new Color[] {Svg.BAR});
        chart.addSeries("seconds", seconds, names);
        return chart;
    }

    /** Recall over probes, a line for each class of queries. */
    static IChart recall(List<Curve> curves) {
        XYChart chart =
                new XYChartBuilder()
                        .width(WIDTH)
                        .height(HEIGHT + 40)
                        .xAxisTitle("probes")
                        .yAxisTitle("recall")
                        .build();
        style(chart.getStyler());
        chart.getStyler().setXAxisLogarithmic(true);
        chart.getStyler().setYAxisMax(1.0);
        chart.getStyler().setYAxisDecimalPattern("0.00");
        chart.getStyler().setMarkerSize(4);
        for (int c = 0; c < curves.size(); c++) {
            List<Double> probes = new ArrayList<>();
            curves.get(c).recalls().keySet().forEach(p -> probes.add((double) p));
            XYSeries series =
                    chart.addSeries(
                            name(curves, c), probes, List.copyOf(curves.get(c).recalls().values()));
            line(series, Svg.ofClass(c % CLASSES));
            series.setMarker(SeriesMarkers.CIRCLE);
            series.setMarkerColor(Svg.ofClass(c % CLASSES));
        }
        return chart;
    }

    /** What a class of queries is called: its distances to the nearest head. */
    static String name(List<Curve> curves, int number) {
        if (curves.size() == 1) {
            return "all queries";
        }
        String from = Figures.distance(curves.get(number).fromDistance());
        return number + 1 < curves.size()
                ? from + " to " + Figures.distance(curves.get(number + 1).fromDistance())
                : from + " and more";
    }

    private static void line(XYSeries series, Color color) {
        series.setLineColor(color);
        series.setLineStyle(new BasicStroke(2));
        series.setMarker(SeriesMarkers.NONE);
    }

    private static void style(AxesChartStyler style) {
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
        style.setBaseFont(font);
        style.setAxisTitleFont(font);
        style.setAxisTickLabelsFont(font);
        style.setLegendFont(font);
        style.setLocale(Locale.ROOT);
        style.setChartTitleVisible(false);
        style.setChartBackgroundColor(NONE);
        style.setPlotBackgroundColor(NONE);
        style.setPlotBorderVisible(false);
        style.setLegendBackgroundColor(NONE);
        style.setLegendBorderColor(NONE);
        style.setLegendPosition(Styler.LegendPosition.OutsideE);
        style.setChartFontColor(Svg.INK);
        style.setXAxisTitleColor(Svg.INK);
        style.setYAxisTitleColor(Svg.INK);
        style.setAxisTickLabelsColor(Svg.INK);
        style.setAxisTickMarksColor(Svg.GRID);
        style.setPlotGridLinesColor(Svg.GRID);
        style.setPlotGridLinesStroke(new BasicStroke(1));
        style.setPlotGridVerticalLinesVisible(false);
        style.setYAxisDecimalPattern("#,##0.##");
        style.setXAxisDecimalPattern("#,##0.##");
        style.setChartPadding(4);
    }
}
