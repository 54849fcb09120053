//! Country codes: two letters as the region file has them, three as an MRZ has them.

/// ISO 3166-1 of 2026: each country's two letters and its three.
const CODES: &str = "ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW AXALA AZAZE \
     BABIH BBBRB BDBGD BEBEL BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES BRBRA BSBHS \
     BTBTN BVBVT BWBWA BYBLR BZBLZ CACAN CCCCK CDCOD CFCAF CGCOG CHCHE CICIV CKCOK CLCHL CMCMR CNCHN \
     COCOL CRCRI CUCUB CVCPV CWCUW CXCXR CYCYP CZCZE DEDEU DJDJI DKDNK DMDMA DODOM DZDZA ECECU EEEST \
     EGEGY EHESH ERERI ESESP ETETH FIFIN FJFJI FKFLK FMFSM FOFRO FRFRA GAGAB GBGBR GDGRD GEGEO GFGUF \
     GGGGY GHGHA GIGIB GLGRL GMGMB GNGIN GPGLP GQGNQ GRGRC GSSGS GTGTM GUGUM GWGNB GYGUY HKHKG HMHMD \
     HNHND HRHRV HTHTI HUHUN IDIDN IEIRL ILISR IMIMN ININD IOIOT IQIRQ IRIRN ISISL ITITA JEJEY JMJAM \
     JOJOR JPJPN KEKEN KGKGZ KHKHM KIKIR KMCOM KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO LBLBN LCLCA \
     LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA LYLBY MAMAR MCMCO MDMDA MEMNE MFMAF MGMDG MHMHL MKMKD \
     MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ MRMRT MSMSR MTMLT MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM \
     NCNCL NENER NFNFK NGNGA NINIC NLNLD NONOR NPNPL NRNRU NUNIU NZNZL OMOMN PAPAN PEPER PFPYF PGPNG \
     PHPHL PKPAK PLPOL PMSPM PNPCN PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA \
     SASAU SBSLB SCSYC SDSDN SESWE SGSGP SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD \
     STSTP SVSLV SXSXM SYSYR SZSWZ TCTCA TDTCD TFATF TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON \
     TRTUR TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA UMUMI USUSA UYURY UZUZB VAVAT VCVCT VEVEN VGVGB VIVIR \
     VNVNM VUVUT WFWLF WSWSM YEYEM YTMYT ZAZAF ZMZMB ZWZWE";

/// The two-letter code for what was typed: two letters, three letters, or the `D` of German passports.
///
/// Doc 9303-3, section 5: `D` stands for Germany; other codes for persons without a nationality stay unknown here.
pub(super) fn two_letters(typed: &str) -> Option<String> {
    let code = typed.trim().trim_end_matches('<').to_ascii_uppercase();
    if code == "D" {
        return Some("DE".to_owned());
    }
    let known = |entry: &&str| entry.get(..2) == Some(&code) || entry.get(2..) == Some(&code);
    CODES.split_whitespace().find(known).and_then(|entry| entry.get(..2)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passports_and_forms_name_the_same_country() {
        for (typed, code) in
            [("FR", "FR"), ("fra", "FR"), ("D", "DE"), ("D<<", "DE"), (" KGZ ", "KG"), ("ZWE", "ZW")]
        {
            assert_eq!(two_letters(typed).as_deref(), Some(code), "{typed}");
        }
        for typed in ["", "X", "XX", "UTO", "FRANCE", "Ф", "ФР"] {
            assert_eq!(two_letters(typed), None, "{typed}");
        }
        assert_eq!(CODES.split_whitespace().count(), 249);
        assert!(CODES.split_whitespace().all(|entry| entry.len() == 5));
    }
}
