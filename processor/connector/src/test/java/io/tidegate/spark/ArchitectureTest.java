package io.tidegate.spark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What may call what: the arrows of the package-infos. */
class ArchitectureTest {
    private static final String ROOT = "io.tidegate.spark.";
    private static final DescribedPredicate<JavaClass> WIRE = DescribedPredicate.describe(
            "of the pull protocol, protobuf or gRPC",
            type -> type.getPackageName().startsWith("io.tidegate.protocol.v1")
                    || type.getPackageName().startsWith("com.google.protobuf")
                    || type.getPackageName().startsWith("io.grpc"));

    private final JavaClasses connector = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.tidegate.spark");

    @Test
    void the_packages_form_no_circle() {
        slices().matching("io.tidegate.spark.(**)").should().beFreeOfCycles().check(connector);
    }

    @Test
    void the_client_gives_out_events_and_knows_neither_streams_nor_tables_nor_sinks() {
        in("client.internal..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages("dstream..", "source..", "sink.."))
                .check(connector);
        in("client")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.tidegate..")
                .check(connector);
    }

    @Test
    void events_know_only_how_they_are_encoded() {
        in("event..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages("client..", "dstream..", "source..", "sink..", "internal.."))
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("io.grpc..")
                .check(connector);
    }

    @Test
    void dstreams_and_the_data_source_know_nothing_of_each_other() {
        in("dstream..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages("source..", "sink.."))
                .check(connector);
        in("source..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages("dstream..", "sink.."))
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.spark.streaming..")
                .check(connector);
    }

    @Test
    void sinks_know_nothing_of_events_nor_of_each_other() {
        in("sink..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages("client..", "dstream..", "event..", "source.."))
                .orShould()
                .dependOnClassesThat(WIRE)
                .check(connector);
        in("sink.jdbc..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages("sink.mqtt.."))
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("io.tidegate.mqtt..")
                .check(connector);
        in("sink.mqtt..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages("sink.jdbc.."))
                .check(connector);
    }

    @Test
    void only_the_mqtt_sink_knows_mqtt() {
        noClasses()
                .that()
                .resideOutsideOfPackages(packages("sink.mqtt..", "sink.internal.."))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.tidegate.mqtt..")
                .check(connector);
    }

    @Test
    void neither_akka_nor_the_netty_of_spark_is_used() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("akka..", "io.netty..")
                .check(connector);
    }

    @Test
    void what_a_job_may_call_takes_and_gives_nothing_of_the_pull_protocol() {
        assertThat(api())
                .allSatisfy(type -> assertThat(type.getCodeUnits())
                        .filteredOn(member -> member.getModifiers().contains(JavaModifier.PUBLIC))
                        .allSatisfy(member -> assertThat(member.getAllInvolvedRawTypes())
                                .as(member.getFullName())
                                .noneMatch(WIRE)));
    }

    @Test
    void no_two_public_types_have_the_same_name() {
        assertThat(publicTypes()).extracting(JavaClass::getSimpleName).doesNotHaveDuplicates();
    }

    @Test
    void the_page_for_users_names_every_type_that_a_job_may_call_and_no_other() throws IOException {
        String page = Files.readString(Path.of("../../docs/spark-connector.md"));
        String table = page.substring(page.indexOf("## The classes that a job may call"));
        List<String> named = Pattern.compile("^\\| `(\\w+)` \\|", Pattern.MULTILINE)
                .matcher(table)
                .results()
                .map(result -> result.group(1))
                .toList();

        assertThat(named)
                .containsExactlyInAnyOrderElementsOf(
                        api().stream().map(JavaClass::getSimpleName).toList());
    }

    private List<JavaClass> publicTypes() {
        return connector.stream()
                .filter(type -> type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC))
                .toList();
    }

    private List<JavaClass> api() {
        return publicTypes().stream()
                .filter(type -> !type.getPackageName().contains(".internal"))
                .toList();
    }

    private static GivenClassesConjunction in(String room) {
        return noClasses().that().resideInAPackage(ROOT + room);
    }

    private static String[] packages(String... rooms) {
        return Stream.of(rooms).map(ROOT::concat).toArray(String[]::new);
    }
}
