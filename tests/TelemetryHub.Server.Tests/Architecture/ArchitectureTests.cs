namespace TelemetryHub.Server.Tests.Architecture;

/// <summary>Who may know whom; docs/architecture.md has the picture.</summary>
public class ArchitectureTests
{
    private const string Mqtt = "TelemetryHub.Mqtt";
    private const string Core = "TelemetryHub.Core";
    private const string Broker = "TelemetryHub.Broker";

    [Theory]
    [InlineData(Mqtt)]
    [InlineData(Core, Mqtt)]
    [InlineData(Broker, Core, Mqtt)]
    [InlineData("firmware-sim", Mqtt)]
    public void A_part_knows_only_the_parts_below_it(string part, params string[] allowed) =>
        OursIn(part).Except(allowed).ShouldBeEmpty();

    [Theory]
    [InlineData(Mqtt)]
    [InlineData(Core)]
    [InlineData(Broker)]
    [InlineData("firmware-sim")]
    public void Only_the_server_knows_the_web(string part) =>
        AssemblyContents.Of(part).References.ShouldNotContain(name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));

    [Fact]
    public void Of_mqtt_the_core_knows_topics_and_plain_enumerations_only()
    {
        var enumerations = AssemblyContents.Of(Mqtt).Enums;

        AssemblyContents.Of(Core).UsedTypes
            .Where(type => type.Assembly == Mqtt)
            .Where(type => type.Namespace != $"{Mqtt}.Topics")
            .Where(type => type.Namespace != Mqtt || !enumerations.Contains($"{type.Namespace}.{type.Name}"))
            .ShouldBeEmpty();
    }

    private static IEnumerable<string> OursIn(string part) =>
        AssemblyContents.Of(part).References.Where(name => name.StartsWith("TelemetryHub.", StringComparison.Ordinal));
}
