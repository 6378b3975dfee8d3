namespace Strata.Onnx.Model;

/// <summary>The comment of a node that repeats a parameter for the batch. It says that a file's constant was a layer.</summary>
internal static class SourceComment
{
    public static string Of(string kind) => $"[{kind}]";

    /// <summary>The layer's kind; null if the comment is another one.</summary>
    public static string? KindIn(string comment) => comment is "[Param]" or "[Buffer]" ? comment[1..^1] : null;
}
