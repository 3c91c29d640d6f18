package io.sparkspann.cli;

import io.sparkspann.build.BuildMode;
import io.sparkspann.build.Quantizer;
import io.sparkspann.distance.Metric;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.file.VectorFormat;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converters of option values; a wrong value becomes the message of the type that refused it. */
public final class Labels {
    private Labels() {}

    private static <T> T convert(String value, Function<String, T> parser) {
        try {
            return parser.apply(value);
        } catch (InvalidInputException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    /** Reads the label of a metric. */
    public static final class OfMetric implements ITypeConverter<Metric> {
        @Override
        public Metric convert(String value) {
            return Labels.convert(value, Metric::ofLabel);
        }
    }

    /** Reads the label of an element type. */
    public static final class OfElementType implements ITypeConverter<ElementType> {
        @Override
        public ElementType convert(String value) {
            return Labels.convert(value, ElementType::ofLabel);
        }
    }

    /** Reads the label of a quantizer. */
    public static final class OfQuantizer implements ITypeConverter<Quantizer> {
        @Override
        public Quantizer convert(String value) {
            return Labels.convert(value, Quantizer::ofLabel);
        }
    }

    /** Reads the label of a build mode. */
    public static final class OfBuildMode implements ITypeConverter<BuildMode> {
        @Override
        public BuildMode convert(String value) {
            return Labels.convert(value, BuildMode::ofLabel);
        }
    }

    /** Reads the label of a format that single files have. */
    public static final class OfVectorFormat implements ITypeConverter<VectorFormat> {
        @Override
        public VectorFormat convert(String value) {
            if (value.equals("parquet")) {
                throw new TypeConversionException(
                        "this command does not read Parquet; 'spark-spann build' and 'spark-spann"
                                + " join' do");
            }
            return Labels.convert(value, VectorFormat::ofLabel);
        }
    }
}
