namespace Strata.Onnx.Operators;

/// <summary>A row of a table of the package's page.</summary>
/// <param name="From">What stands in the file, or in the class.</param>
/// <param name="To">What it becomes.</param>
internal sealed record PageRow(string From, string To);
