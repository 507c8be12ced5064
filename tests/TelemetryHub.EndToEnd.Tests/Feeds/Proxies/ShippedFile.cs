using System.Reflection;

namespace TelemetryHub.EndToEnd.Tests.Feeds.Proxies;

/// <summary>A configuration of <c>docs/deploy</c>, rewritten for a test. Whatever is to be replaced must stand in it, so that it is the shipped one that is tested.</summary>
internal sealed class ShippedFile
{
    private ShippedFile(string text) => Text = text;

    public string Text { get; private set; }

    public static ShippedFile Read(string name)
    {
        var directory = typeof(ShippedFile).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "DeployFiles").Value!;
        return new ShippedFile(File.ReadAllText(Path.Combine(directory, name)));
    }

    /// <summary>Replaces every occurrence.</summary>
    public ShippedFile Replace(string shipped, string tested)
    {
        Text.ShouldContain(shipped, Case.Sensitive);
        Text = Text.Replace(shipped, tested, StringComparison.Ordinal);
        return this;
    }
}
