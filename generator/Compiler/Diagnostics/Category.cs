namespace Strata.Compiler.Diagnostics;

/// <summary>The groups of rules, which projects can configure together.</summary>
internal static class Category
{
    public const string Declaration = "Strata.Declaration";
    public const string Shapes = "Strata.Shapes";
    public const string Names = "Strata.Names";
    public const string Losses = "Strata.Losses";
    public const string Layers = "Strata.Layers";
    public const string Budgets = "Strata.Budgets";
    public const string Build = "Strata.Build";
    public const string Calls = "Strata.Calls";
    public const string Operators = "Strata.Operators";

    /// <summary>
    /// Mistakes that the C# compiler refuses, too. The generator reports them, because the compiler then stops before it runs analyzers.
    /// </summary>
    public const string Binding = "Strata.Binding";
}
