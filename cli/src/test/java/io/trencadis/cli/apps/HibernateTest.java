package io.trencadis.cli.apps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.cli.RunningServer;
import jakarta.persistence.CascadeType;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Index;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import jakarta.persistence.LockModeType;
import jakarta.persistence.ManyToMany;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OptimisticLockException;
import jakarta.persistence.OrderBy;
import jakarta.persistence.Table;
import jakarta.persistence.UniqueConstraint;
import jakarta.persistence.Version;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.hibernate.SessionFactory;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.annotations.NaturalId;
import org.hibernate.cfg.Configuration;
import org.hibernate.exception.ConstraintViolationException;
import org.hibernate.type.SqlTypes;
import org.junit.jupiter.api.Test;

/// Hibernate ORM: its schema tool creates, validates, updates and drops; entities with relations,
/// inheritance, collections, versions and locks; queries.
class HibernateTest {
  enum Mood {
    SAD,
    FINE
  }

  @Entity(name = "Author")
  @Table(
      name = "authors",
      uniqueConstraints =
          @UniqueConstraint(
              name = "one_author",
              columnNames = {"name", "born"}),
      indexes = @Index(name = "by_born", columnList = "born"))
  static class Author {
    @Id
    @GeneratedValue(strategy = GenerationType.SEQUENCE)
    Long id;

    @Column(length = 40, nullable = false)
    String name;

    LocalDate born;

    @Enumerated(EnumType.STRING)
    Mood mood;

    @Version int version;

    @OneToMany(mappedBy = "author", cascade = CascadeType.ALL, orphanRemoval = true)
    @OrderBy("title")
    List<Book> books = new ArrayList<>();

    @ElementCollection Set<String> names = new LinkedHashSet<>();
  }

  @Entity(name = "Book")
  @Inheritance(strategy = InheritanceType.JOINED)
  static class Book {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    Long id;

    @NaturalId String isbn;
    String title;

    @ManyToOne Author author;

    @ManyToMany(cascade = CascadeType.PERSIST)
    Set<Tag> tags = new LinkedHashSet<>();

    @Column(precision = 10, scale = 2)
    BigDecimal price;

    Instant made;
    LocalTime hour;
    Duration took;
    UUID key;
    byte[] data;
    boolean printed;
    double ratio;

    @JdbcTypeCode(SqlTypes.JSON)
    Map<String, String> extra;

    String[] words;

    @Column(columnDefinition = "text default 'none'")
    String note;
  }

  @Entity(name = "AudioBook")
  static class AudioBook extends Book {
    int minutes;
  }

  @Entity(name = "Tag")
  static class Tag {
    @Id String word;

    protected Tag() {}

    Tag(String word) {
      this.word = word;
    }
  }

  @Test
  void createsItsSchemaAndKeepsObjects() {
    try (RunningServer server = RunningServer.start()) {
      exercise("jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres");
    }
  }

  private static SessionFactory factory(String url, String schemaTool) {
    Configuration configuration = new Configuration();
    for (Class<?> entity : List.of(Author.class, Book.class, AudioBook.class, Tag.class)) {
      configuration.addAnnotatedClass(entity);
    }
    configuration.setProperty("hibernate.connection.url", url);
    configuration.setProperty("hibernate.connection.username", "postgres");
    configuration.setProperty("hibernate.hbm2ddl.auto", schemaTool);
    // At the default, serializable, the other transaction is an error before the version is
    // compared.
    configuration.setProperty("hibernate.connection.isolation", "READ_COMMITTED");
    configuration.setProperty("hibernate.jdbc.batch_size", "10");
    configuration.setProperty("hibernate.type.json_format_mapper", JsonText.class.getName());
    return configuration.buildSessionFactory();
  }

  static void exercise(String url) {
    factory(url, "create").close();
    factory(url, "validate").close();
    factory(url, "update").close();
    try (SessionFactory factory = factory(url, "validate")) {
      long id = write(factory);
      read(factory, id);
      query(factory);
      conflicts(factory, id);
      factory.inTransaction(session -> session.remove(session.find(Author.class, id)));
      long left =
          factory.fromSession(
              session ->
                  session
                      .createSelectionQuery("select count(*) from Book", Long.class)
                      .getSingleResult());
      assertEquals(0, left);
    }
    factory(url, "create-drop").close();
  }

  private static long write(SessionFactory factory) {
    return factory.fromTransaction(
        session -> {
          Author anna = new Author();
          anna.name = "Anna";
          anna.born = LocalDate.of(1980, 1, 2);
          anna.mood = Mood.FINE;
          anna.names.add("Aina");
          Tag red = new Tag("red");
          for (int i = 0; i < 12; i++) {
            Book book = i % 3 == 0 ? new AudioBook() : new Book();
            if (book instanceof AudioBook audio) {
              audio.minutes = i * 10;
            }
            book.title = "Book %02d".formatted(i);
            book.isbn = "isbn" + i;
            book.author = anna;
            book.price = new BigDecimal(i + ".50");
            book.made = Instant.parse("2024-01-01T00:00:00.000001Z");
            book.hour = LocalTime.of(13, i);
            book.took = Duration.ofMinutes(i);
            book.key = new UUID(0, i);
            book.data = new byte[] {0, (byte) i};
            book.extra = Map.of("n", "" + i);
            book.words = new String[] {"a", "b c"};
            book.tags.add(red);
            anna.books.add(book);
          }
          session.persist(anna);
          Author other = new Author();
          other.name = "Bernat";
          session.persist(other);
          return anna.id;
        });
  }

  private static void read(SessionFactory factory, long id) {
    factory.inTransaction(
        session -> {
          Author anna = session.find(Author.class, id);
          assertEquals(12, anna.books.size());
          assertEquals(Set.of("Aina"), Set.copyOf(anna.names));
          Book third = anna.books.get(3);
          assertTrue(third instanceof AudioBook audio && audio.minutes == 30);
          assertEquals(new BigDecimal("3.50"), third.price);
          assertEquals(Instant.parse("2024-01-01T00:00:00.000001Z"), third.made);
          assertEquals(LocalTime.of(13, 3), third.hour);
          assertEquals(Duration.ofMinutes(3), third.took);
          assertEquals(new UUID(0, 3), third.key);
          assertEquals(3, third.data[1]);
          assertEquals(Map.of("n", "3"), third.extra);
          assertEquals(List.of("a", "b c"), List.of(third.words));
          assertNull(third.note);
          assertEquals("red", third.tags.iterator().next().word);
          Book natural = session.byNaturalId(Book.class).using("isbn", "isbn5").load();
          assertEquals("Book 05", natural.title);
          natural.title = "Changed";
        });
  }

  private static void query(SessionFactory factory) {
    factory.inTransaction(
        session -> {
          assertEquals(
              List.of("Changed", "Book 11"),
              session
                  .createSelectionQuery(
                      "select b.title from Book b join b.author a where a.name like 'An%' order by"
                          + " b.title desc",
                      String.class)
                  .setMaxResults(2)
                  .getResultList());
          assertEquals(
              List.of("Book 01", "Book 02"),
              session
                  .createSelectionQuery("select b.title from Book b order by b.title", String.class)
                  .setFirstResult(1)
                  .setMaxResults(2)
                  .getResultList());
          Object[] totals =
              session
                  .createSelectionQuery(
                      "select count(*), sum(price), max(hour), avg(ratio), extract(year from"
                          + " max(made)) from Book where type(this) = Book or key is not null",
                      Object[].class)
                  .getSingleResult();
          assertEquals(12L, totals[0]);
          assertEquals(new BigDecimal("72.00"), totals[1]);
          assertEquals(LocalTime.of(13, 11), totals[2]);
          assertEquals(0.0, totals[3]);
          assertEquals(2024, totals[4]);
          assertEquals(
              List.of("Anna"),
              session
                  .createSelectionQuery(
                      "from Author a left join fetch a.books where exists (select 1 from Book b where"
                          + " b.author = a)",
                      Author.class)
                  .getResultList()
                  .stream()
                  .map(author -> author.name)
                  .toList());
          assertEquals(
              8L,
              session
                  .createSelectionQuery(
                      "select count(*) from (select b.title t, row_number() over (order by b.price)"
                          + " n from Book b) where n > 4",
                      Long.class)
                  .getSingleResult());
          assertEquals(
              4,
              session
                  .createMutationQuery("update AudioBook set minutes = minutes + 1")
                  .executeUpdate());
          assertEquals(
              1,
              session
                  .createMutationQuery(
                      "insert into Tag (word) values ('blue') on conflict (word) do nothing")
                  .executeUpdate());
          assertEquals(
              List.of(1, 2, 3),
              session
                  .createNativeQuery("select generate_series(1, 3)", Integer.class)
                  .getResultList());
        });
  }

  private static void conflicts(SessionFactory factory, long id) {
    ConstraintViolationException twice =
        assertThrows(
            ConstraintViolationException.class,
            () ->
                factory.inTransaction(
                    session -> {
                      Author again = new Author();
                      again.name = "Anna";
                      again.born = LocalDate.of(1980, 1, 2);
                      session.persist(again);
                    }));
    assertEquals("one_author", twice.getConstraintName());
    assertThrows(
        OptimisticLockException.class,
        () ->
            factory.inTransaction(
                outer -> {
                  Author stale = outer.find(Author.class, id);
                  factory.inTransaction(
                      inner -> inner.find(Author.class, id).born = LocalDate.of(1990, 1, 1));
                  stale.mood = Mood.SAD;
                }));
    factory.inTransaction(
        session -> {
          Author locked = session.find(Author.class, id, LockModeType.PESSIMISTIC_WRITE);
          assertEquals(LocalDate.of(1990, 1, 1), locked.born);
          session.lock(locked, LockModeType.PESSIMISTIC_FORCE_INCREMENT);
        });
  }
}
