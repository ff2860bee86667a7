package io.tidegate.processor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final String[] PURE =
            packages("math", "persistent", "partial", "state", "sessions", "totals", "windows", "top", "result");
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.tidegate.processor");

    @Test
    void the_maths_know_nothing_of_spark_but_how_to_say_their_size() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat(sparkBut("org.apache.spark.util.KnownSizeEstimation"))
                .check(OURS);
    }

    @Test
    void the_maths_know_no_clock_no_chance_and_nobody_above_them() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages("job", "query", "http", "checkpoint"))
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.time\\.Clock|java\\.util\\.Random|java\\.util\\.concurrent\\.ThreadLocalRandom")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(OURS);
    }

    @Test
    void streams_are_only_in_the_job() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.tidegate.processor.job..", "io.tidegate.processor.http..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.spark.streaming..")
                .check(OURS);
    }

    @Test
    void catalyst_is_only_where_queries_are_evaluated() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.tidegate.processor.query..", "io.tidegate.processor.sql..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.spark.sql..")
                .check(OURS);
    }

    @Test
    void what_is_in_the_graph_can_be_serialized() {
        classes()
                .that()
                .resideInAPackage("io.tidegate.processor.job..")
                .and()
                .implement(DescribedPredicate.describe(
                        "a function of Spark",
                        (JavaClass c) -> c.getPackageName().startsWith("org.apache.spark.api.java.function")))
                .should()
                .beAssignableTo(java.io.Serializable.class)
                .check(OURS);
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
        return java.util.Arrays.stream(names)
                .map(name -> "io.tidegate.processor." + name + "..")
                .toArray(String[]::new);
    }
}
