namespace TelemetryHub.Server.Tools;

/// <summary>An option of a tool.</summary>
/// <param name="Name">As it is typed: <c>--limit</c>.</param>
/// <param name="Value">What its value is called in <c>--help</c>, <c>COUNT</c>; null for a switch.</param>
/// <param name="Description">What it does.</param>
/// <param name="Repeatable">Whether it may be given several times.</param>
internal sealed record ToolOption(string Name, string? Value, string Description, bool Repeatable = false);
