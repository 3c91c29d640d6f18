package io.sparkspann;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.util.List;

@AnalyzeClasses(packages = "io.sparkspann", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    /** Lowest first; {@code vector.file} counts as a layer of its own above {@code vector}. */
    private static final List<String> LAYERS =
            List.of(
                    "error",
                    "vector",
                    "vector.file",
                    "distance",
                    "storage",
                    "format",
                    "cluster",
                    "graph",
                    "quantize",
                    "posting",
                    "search",
                    "build",
                    "update",
                    "cli");

    @ArchTest
    static final ArchRule packages_import_only_lower_ones =
            CompositeArchRule.of(
                            LAYERS.stream()
                                    .map(ArchitectureTest::importsNothingHigherThan)
                                    .toList())
                    .as("packages import only lower ones, in the order " + LAYERS);

    @ArchTest
    static final ArchRule every_class_has_a_layer =
            noClasses()
                    .that(
                            resideOutsideOfPackages(
                                    LAYERS.stream()
                                            .map(layer -> "io.sparkspann." + layer + "..")
                                            .toArray(String[]::new)))
                    .should()
                    .resideInAPackage("io.sparkspann..")
                    .because("a new package needs its place in the order of this test")
                    .allowEmptyShould(true);

    @ArchTest
    static final ArchRule packages_are_free_of_cycles =
            slices().matching("io.sparkspann.(**)")
                    .should()
                    .beFreeOfCycles()
                    .allowEmptyShould(true);

    @ArchTest
    static final ArchRule java_serialization_is_unused =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName("java.io.ObjectInputStream")
                    .orShould()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName("java.io.ObjectOutputStream")
                    .because("hostile bytes must never become objects");

    @ArchTest
    static final ArchRule unsafe_memory_is_unused =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("sun.misc..", "jdk.internal..");

    @ArchTest
    static final ArchRule only_simd_classes_use_the_vector_api =
            noClasses()
                    .that(not(simpleNameStartingWith("Simd")))
                    .and(not(enclosedInSimdClass()))
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("jdk.incubator.vector..")
                    .because("all others must load on a JVM without that module");

    private static ArchRule importsNothingHigherThan(String layer) {
        List<String> higher = LAYERS.subList(LAYERS.indexOf(layer) + 1, LAYERS.size());
        return noClasses()
                .that(layerIs(layer))
                .should()
                .dependOnClassesThat(isInOneOf(higher))
                .as("package " + layer + " imports nothing of " + higher)
                .allowEmptyShould(true);
    }

    private static DescribedPredicate<JavaClass> layerIs(String layer) {
        return DescribedPredicate.describe(
                "are of layer " + layer, type -> layer.equals(layerOf(type)));
    }

    private static DescribedPredicate<JavaClass> isInOneOf(List<String> layers) {
        return DescribedPredicate.describe(
                "are of " + layers, type -> layers.contains(layerOf(type)));
    }

    /** The longest layer name that the package lies in, or an empty string outside of all. */
    private static String layerOf(JavaClass type) {
        return LAYERS.stream()
                .filter(layer -> resideInAPackage("io.sparkspann." + layer + "..").test(type))
                .reduce((first, second) -> first.length() > second.length() ? first : second)
                .orElse("");
    }

    private static DescribedPredicate<JavaClass> enclosedInSimdClass() {
        return DescribedPredicate.describe(
                "are nested in a Simd class",
                type ->
                        type.getEnclosingClass()
                                .map(outer -> outer.getSimpleName().startsWith("Simd"))
                                .orElse(false));
    }
}
