namespace System.Diagnostics.CodeAnalysis;

/// <summary>Tells a trimmer that a warning is taken care of. Trimmers go by the name; netstandard2.0 lacks the type.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class UnconditionalSuppressMessageAttribute(string category, string checkId) : Attribute
{
    public string Category { get; } = category;

    public string CheckId { get; } = checkId;

    public string? Justification { get; set; }
}
