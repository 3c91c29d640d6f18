package io.sparkspann.spark;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.util.List;

@AnalyzeClasses(
        packages = "io.sparkspann.spark",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    /** Lowest first. */
    private static final List<String> LAYERS =
            List.of(
                    "error", "stage", "storage", "input", "build", "rows", "join", "plan", "report",
                    "source", "sql", "jobs");

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
                    .that(resideOutsideOfPackages(packagesOf(LAYERS)))
                    .should()
                    .resideInAPackage("io.sparkspann.spark..")
                    .because("a new package needs its place in the order of this test")
                    .allowEmptyShould(true);

    @ArchTest
    static final ArchRule packages_are_free_of_cycles =
            slices().matching("io.sparkspann.spark.(**)")
                    .should()
                    .beFreeOfCycles()
                    .allowEmptyShould(true);

    @ArchTest
    static final ArchRule java_serialization_is_left_to_spark =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName("java.io.ObjectInputStream")
                    .because("hostile bytes must never become objects")
                    .allowEmptyShould(true);

    @ArchTest
    static final ArchRule unsafe_memory_is_unused =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("sun.misc..", "jdk.internal..")
                    .allowEmptyShould(true);

    private static ArchRule importsNothingHigherThan(String layer) {
        List<String> higher = LAYERS.subList(LAYERS.indexOf(layer) + 1, LAYERS.size());
        return noClasses()
                .that(resideInAnyPackage(packagesOf(List.of(layer))))
                .should()
                .dependOnClassesThat(resideInAnyPackage(packagesOf(higher)))
                .as("package " + layer + " imports nothing of " + higher)
                .allowEmptyShould(true);
    }

    private static String[] packagesOf(List<String> layers) {
        return layers.stream()
                .map(layer -> "io.sparkspann.spark." + layer + "..")
                .toArray(String[]::new);
    }
}
