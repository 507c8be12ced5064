Console.Error.WriteLine("firmware-sim: the simulated fleet is not part of this version yet.");
return 2;
