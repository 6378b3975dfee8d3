using Strata.Compiler.Declarations;

namespace Strata.Generator.Printing;

/// <summary>The kernels of a network whose file of C# has none: a step of the build compiles them into an assembly of their own.</summary>
/// <param name="Index">The full name of the class that finds this assembly. build/Strata.Kernels.targets has chosen it.</param>
/// <param name="Network">The full name of the network's class.</param>
/// <param name="Text">What the step compiles.</param>
internal sealed record SeparateKernels(string Index, string Network, NetworkText Text)
{
    private const string Services = "global::Strata.CompilerServices.";

    /// <summary>Writes what the step reads from the compiled assembly.</summary>
    public void WriteText(SourceWriter writer)
    {
        writer.Line($"[assembly: {Services}DeclaredNetwork({DescriptionWriter.Literal(Network)}, @\"");
        writer.Append(Text.ToString().Replace("\"", "\"\""));
        writer.Line("\")]");
        writer.Line();
    }

    /// <summary>Writes the method that creates the program of a tier.</summary>
    public void WriteCreateProgram(SourceWriter writer)
    {
        writer.Line("// The kernels are in an assembly that is compiled after this one.");
        writer.Line($"public static {Services}NetworkProgram CreateProgram(global::Strata.Isa isa) =>");
        string network = DescriptionWriter.Literal(Network), hash = DescriptionWriter.Literal(NetworkText.HashOf(Text.ToString()));
        writer.Line($"    {Services}SavedPrograms.Create(global::{Index}.Of({network}), {network}, {hash}, isa);");
    }
}
