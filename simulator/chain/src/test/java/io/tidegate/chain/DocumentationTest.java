package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages of the manual lead somewhere. */
class DocumentationTest {

    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("\\[([^\\]\\[]*)]\\(([^)#\\s]+)(?:#[^)]*)?\\)");
    private static final Pattern MEMBER = Pattern.compile("`\\w+\\.(\\w+)`");

    @Test
    void every_link_to_a_file_finds_it() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : pages()) {
            for (Matcher link = links(page); link.find(); ) {
                String target = link.group(2);
                if (!target.contains(":") && Files.notExists(page.resolveSibling(target))) {
                    broken.add(ROOT.relativize(page) + ": " + target);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void the_walk_names_methods_that_are_in_the_files_that_it_leads_to() throws IOException {
        Path walk = ROOT.resolve("docs/walk.md");
        int named = 0;
        for (Matcher link = links(walk); link.find(); ) {
            Matcher member = MEMBER.matcher(link.group(1));
            if (member.matches()) {
                String source = Files.readString(walk.resolveSibling(link.group(2)));
                assertThat(source).as(link.group()).containsPattern("\\b" + member.group(1) + "\\(");
                named++;
            }
        }
        assertThat(named).isGreaterThan(10);
    }

    private static Matcher links(Path page) throws IOException {
        return LINK.matcher(Files.readString(page).replaceAll("(?s)```.*?```", ""));
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT, 5)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> !ROOT.relativize(file).toString().contains("target/"))
                    .toList();
        }
    }
}
