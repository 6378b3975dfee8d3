using Strata.Compiler.KernelLanguage;

namespace Strata.Onnx.Layers;

/// <summary>An operator of the network's own: a function of single numbers that no layer computes.</summary>
/// <param name="Kind">What its layers are called.</param>
/// <param name="Statements">The C# statements that return its value of <c>x</c>.</param>
/// <param name="Formula">The same as a formula of the variable <c>x</c>.</param>
internal sealed record OwnFunction(string Kind, string Statements, Expression Formula);
