using TelemetryHub.Server.Configuration;

namespace TelemetryHub.Server.Tests.Configuration;

public class SpellingTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("listen", "lisetn", 1)]
    [InlineData("abc", "ab", 1)]
    public void Distance_counts_changed_letters(string from, string to, int expected) => Spelling.Distance(from, to).ShouldBe(expected);

    [Theory]
    [InlineData("mqtt:listne", "Mqtt:Listen")]
    [InlineData("Mqtt:TlsListne", "Mqtt:TlsListen")]
    [InlineData("Mqtt:MaxQueueBytes", "Mqtt:MaxQueuedBytes")]
    [InlineData("Hub:Listen", "Http:Listen")]
    [InlineData("Log:Levels", "Log:Level")]
    public void The_nearest_key_is_what_was_meant(string written, string meant) =>
        KnownKeys.OfTheProcess().Nearest(written).ShouldBe(meant);
}
