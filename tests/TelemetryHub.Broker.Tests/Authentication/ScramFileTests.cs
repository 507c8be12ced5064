using TelemetryHub.Broker.Authentication;

namespace TelemetryHub.Broker.Tests.Authentication;

public class ScramFileTests
{
    // "pencil" with RFC 7677's salt; the keys as PostgreSQL computes them.
    private const string Good =
        "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

    [Fact]
    public void A_verifier_that_postgresql_wrote_is_read_and_written_alike()
    {
        ScramFile file = ScramFile.Parse(["# users", "", $"meter-1:{Good}", $"a:b:{Good}  "], "users.scram");
        file.Count.ShouldBe(2);
        file.Find("meter-1")!.Format().ShouldBe(Good);
        file.Find("a:b").ShouldNotBeNull();
        file.Find("METER-1").ShouldBeNull();
    }

    [Fact]
    public void A_password_gives_the_keys_that_postgresql_computes()
        => ScramCredential.FromPassword("pencil", Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096)!.Format().ShouldBe(Good);

    [Fact]
    public void A_password_that_cannot_be_prepared_gives_none()
        => ScramCredential.FromPassword("pässword", [1, 2, 3, 4], 4096).ShouldBeNull();

    [Theory]
    [InlineData("meter", "expected <user>:SCRAM-SHA-256$")]
    [InlineData("meter:secret", "expected <user>:SCRAM-SHA-256$")]
    [InlineData("meter:SCRAM-SHA-256$4096", "expected SCRAM-SHA-256$<iterations>")]
    [InlineData("meter:SCRAM-SHA-256$4095:AAAA$AAAA:AAAA", "a number from 4096 to")]
    [InlineData("meter:SCRAM-SHA-256$many:AAAA$AAAA:AAAA", "a number from 4096 to")]
    [InlineData("meter:SCRAM-SHA-256$4096:$AAAA:AAAA", "the salt must be base64")]
    [InlineData("meter:SCRAM-SHA-256$4096:?$AAAA:AAAA", "the salt must be base64")]
    [InlineData("meter:SCRAM-SHA-256$4096:AAAA$AAAA:AAAA", "base64 of 32 bytes each")]
    [InlineData(":" + Good, "the user name must be printable ASCII")]
    [InlineData("jürgen:" + Good, "the user name must be printable ASCII")]
    [InlineData("known:" + Good, "the user 'known' stands here twice")]
    public void A_wrong_line_is_named_with_its_number(string line, string problem)
    {
        FormatException error = Should.Throw<FormatException>(() => ScramFile.Parse([$"known:{Good}", "# next", line], "users.scram"));
        error.Message.ShouldStartWith("users.scram:3: ");
        error.Message.ShouldContain(problem);
        error.Message.ShouldNotContain("secret");
    }

    [Fact]
    public void All_wrong_lines_are_named_at_once()
    {
        FormatException error = Should.Throw<FormatException>(() => ScramFile.Parse(["x", $"good:{Good}", "y"], "users"));
        error.Message.Split('\n').Length.ShouldBe(2);
    }

    [Fact]
    public void Decoys_look_like_most_users_and_last_as_long_as_the_file()
    {
        string many = ScramCredential.FromPassword("x", new byte[12], 5000)!.Format();
        string[] lines = [$"a:{many}", $"b:{many}", $"c:{Good}"];
        ScramCredential decoy = ScramFile.Parse(lines, "users").Decoys.Find("nobody");
        decoy.Iterations.ShouldBe(5000);
        decoy.Salt.Length.ShouldBe(12);
        ScramFile.Parse(lines, "users").Decoys.Find("nobody").Salt.ToArray().ShouldBe(decoy.Salt.ToArray());
    }

    [Fact]
    public void A_file_without_users_has_decoys_too()
        => ScramFile.Parse([], "users").Decoys.Find("nobody").Iterations.ShouldBe(4096);
}
