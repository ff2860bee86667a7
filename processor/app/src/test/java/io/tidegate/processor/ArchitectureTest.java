package io.tidegate.processor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What may call what: the arrows of the package-infos. */
class ArchitectureTest {

    private static final String ROOT = "io.tidegate.processor";
    private static final String[] PURE =
            packages("key..", "query", "persistent..", "sketch..", "ledger..", "aggregate..", "result..");

    private static final String[] ROOMS = layers(
            "settings",
            "ops",
            "replay",
            "dstream",
            "structured",
            "checkpoint",
            "sink",
            "aggregate",
            "result",
            "ledger",
            "sketch",
            "persistent",
            "key",
            "query");

    private final JavaClasses processor = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void the_packages_follow_the_way_of_the_data() {
        Map<String, String[]> callers = new TreeMap<>(Map.of(
                "settings", layers("main", "ops", "replay"),
                "ops", layers("main"),
                "replay", layers("main"),
                "dstream", layers("main", "ops", "replay", "settings"),
                "structured", layers("main", "ops", "replay", "settings"),
                "checkpoint", layers("main", "settings", "dstream"),
                "sink", layers("settings", "dstream", "structured", "replay"),
                "aggregate", layers("dstream", "structured", "ops"),
                "result", layers("aggregate", "sink", "dstream", "structured"),
                "sketch", layers("aggregate", "result")));
        LayeredArchitecture layers =
                Architectures.layeredArchitecture().consideringOnlyDependenciesInAnyPackage(ROOT + "..");
        for (String layer : ROOMS) {
            layers = layers.layer(layer).definedBy(ROOT + "." + layer + "..");
        }
        layers = layers.layer("main").definedBy(ROOT);
        for (Map.Entry<String, String[]> layer : callers.entrySet()) {
            layers = layers.whereLayer(layer.getKey()).mayOnlyBeAccessedByLayers(layer.getValue());
        }
        layers.whereLayer("main").mayNotBeAccessedByAnyLayer().check(processor);
    }

    @Test
    void the_packages_form_no_circle() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(processor);
    }

    @Test
    void no_two_public_types_have_the_same_name() {
        assertThat(processor.stream()
                        .filter(type ->
                                type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC)))
                .extracting(JavaClass::getSimpleName)
                .doesNotHaveDuplicates();
    }

    @Test
    void one_kind_of_query_knows_another_only_where_it_is_a_window() {
        slices().matching(ROOT + ".aggregate.(*)")
                .should()
                .notDependOnEachOther()
                .ignoreDependency(
                        JavaClass.Predicates.resideInAnyPackage(packages("aggregate.top", "aggregate.counts")),
                        JavaClass.Predicates.resideInAPackage(ROOT + ".aggregate.windows"))
                .check(processor);
    }

    @Test
    void the_two_runtimes_know_nothing_of_each_other() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".dstream..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".structured..")
                .check(processor);
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".structured..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + ".dstream..", "org.apache.spark.streaming..")
                .check(processor);
    }

    @Test
    void aggregates_and_results_know_nothing_of_spark_but_how_to_say_their_size() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat(sparkBut("org.apache.spark.util.KnownSizeEstimation"))
                .check(processor);
    }

    @Test
    void aggregates_and_results_know_no_clock_and_no_chance() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.time\\.Clock|java\\.util\\.Random|java\\.util\\.concurrent\\.ThreadLocalRandom")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(processor);
    }

    @Test
    void only_dstreams_their_replay_and_their_metrics_know_spark_streaming() {
        noClasses()
                .that()
                .resideOutsideOfPackages(packages("dstream..", "replay..", "ops"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.spark.streaming..")
                .check(processor);
    }

    @Test
    void only_expressions_and_structured_streaming_know_spark_sql() {
        noClasses()
                .that()
                .resideOutsideOfPackages(packages("query.expression..", "structured.."))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.spark.sql..")
                .check(processor);
    }

    @Test
    void what_is_in_the_graph_can_be_serialized() {
        classes()
                .that()
                .resideInAPackage(ROOT + ".dstream..")
                .and()
                .implement(DescribedPredicate.describe(
                        "a function of Spark",
                        (JavaClass c) -> c.getPackageName().startsWith("org.apache.spark.api.java.function")))
                .should()
                .beAssignableTo(java.io.Serializable.class)
                .check(processor);
    }

    @Test
    void neither_akka_nor_the_gateway_is_on_the_class_path() {
        for (String foreign : new String[] {"akka.actor.ActorSystem", "io.tidegate.gateway.Main"}) {
            assertThatThrownBy(() -> Class.forName(foreign)).isInstanceOf(ClassNotFoundException.class);
        }
    }

    private static DescribedPredicate<JavaClass> sparkBut(String allowed) {
        return DescribedPredicate.describe(
                "of Spark, except " + allowed,
                c -> c.getPackageName().startsWith("org.apache.spark")
                        && !c.getName().equals(allowed));
    }

    private static String[] packages(String... names) {
        return Stream.of(names).map(name -> ROOT + "." + name).toArray(String[]::new);
    }

    private static String[] layers(String... names) {
        return names;
    }
}
