import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Prints veraPDF's verdict on each file as PDF/A-2u: "compliant", or the rules that it breaks. */
public class Verdict {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (String file : files) {
            try (PDFAParser parser = Foundries.defaultInstance().createParser(new FileInputStream(file), PDFAFlavour.PDFA_2_U)) {
                PDFAValidator validator = Foundries.defaultInstance().createValidator(PDFAFlavour.PDFA_2_U, false);
                ValidationResult result = validator.validate(parser);
                if (result.isCompliant() && result.getTotalAssertions() > 0) {
                    System.out.println("compliant");
                } else {
                    result.getTestAssertions().stream()
                        .filter(one -> one.getStatus() == TestAssertion.Status.FAILED)
                        .limit(3)
                        .forEach(one -> System.out.println(one.getRuleId() + " " + one.getMessage()));
                }
            }
        }
    }
}
